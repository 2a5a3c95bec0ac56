"""Questions about the sample report and eight others, and what answers them."""
