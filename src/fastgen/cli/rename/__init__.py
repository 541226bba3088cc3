"""`fastgen rename`: a resource, or a field of one."""
