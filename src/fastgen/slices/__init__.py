"""Renders the slice of a resource, and prepares the data for its templates."""
