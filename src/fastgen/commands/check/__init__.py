"""`fastgen check`, without a terminal: one comparison in each module.

compare      runs them all
accepting    records what people decided
difference   a finding: where, what, and the command that helps
entries      the recipe entries of the resources, each alone and together
slice_files  the files, columns and tables of one resource
wired        the lines about resources in other files, missing or left over
revisions    the order of the migrations
domain       `resources.yml` and the recipe
uv_lock      the names of needed and of locked packages
"""
