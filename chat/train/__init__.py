"""What fitted the reader's weights, runnable again."""
