"""What trained the shipped model and lexicon, runnable again."""
