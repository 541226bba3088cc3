"""`fastgen check`, without a terminal: one comparison in each module.

compare      runs them all
accepting    records what people decided
decided      what the code says otherwise: `decided_classes`, `decided_columns`, `decided_access`, …
slice_source the edited files of a slice, and what is rendered for them
difference   a finding: where, what, and the command that helps
entries      the recipe entries of the resources, each alone and together
generated    the records of what was generated
slice_files  the files, columns and tables of one resource
wired        the lines about resources in other files, missing or left over
revisions    the order of the migrations
domain       `resources.yml` and the recipe
uv_lock      the names of needed and of locked packages
"""
