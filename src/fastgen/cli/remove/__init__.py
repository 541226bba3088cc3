"""`fastgen remove`: a resource."""
