"""Functions to vectors to nearest functions. Knows no editor and starts no thread."""
