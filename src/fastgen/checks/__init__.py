"""What `fastgen check` compares, one module each.

difference   what is found: where, what, and the command that helps
recipe       the entries of the resources, each by itself and with the others
slices       the files, columns and tables of one resource
wired        the lines about resources in other files, missing or left over
revisions    the migrations among themselves
lock         what is needed and what is locked, by name
"""
