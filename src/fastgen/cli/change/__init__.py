"""`fastgen change`: a field of a resource, or who uses its rows."""
