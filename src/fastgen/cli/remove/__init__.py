"""`fastgen remove`: a resource, or fields of one."""
