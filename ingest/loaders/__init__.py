"""One loader a format, and the registry of them."""
