"""`fastgen change`: fields of a resource, or its access rule."""
