"""`fastgen add`: a resource, or fields of one."""
