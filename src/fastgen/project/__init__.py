"""A generated project that people have been editing: what is in it, and where."""
