"""Chunks become something searchable, and a question becomes Hits."""
