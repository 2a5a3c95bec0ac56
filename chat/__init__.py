"""A question becomes an Answer, and the Answer becomes something to look at."""
