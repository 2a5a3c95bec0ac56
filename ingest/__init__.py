"""A path becomes Documents, Chunks and Figures."""
