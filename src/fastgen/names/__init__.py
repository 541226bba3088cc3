"""The names of a project and of its resources, and those that they cannot have."""
