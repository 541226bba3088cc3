"""What a resource becomes: the views that the templates of a slice are given, and the slice."""
