"""Other programs, signals, and files that others may have written."""
