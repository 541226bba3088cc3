"""The comparisons of `fastgen check`, one module each.

difference   a finding: where, what, and the command that helps
recipe       the entries of the resources, each alone and together
slices       the files, columns and tables of one resource
wired        the lines about resources in other files, missing or left over
revisions    the order of the migrations
lock         the names of needed and of locked packages
"""
