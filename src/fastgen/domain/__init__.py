"""One file for all resources of a project: `resources.yml`.

keys        the keys of the file, and what each may be
schema      its JSON Schema
source      the file as it is read
nodes       YAML as texts, lists and mappings that know their lines
mistakes    collects what is wrong in the file
document    what the file says, as it is written
reading     from YAML to the document
renames     the names that `renamed` gives to resources and fields
sections    from a section of the document to a resource
targets     checks which resources refer to which
resolving   from the document to the resources that are wanted
difference  what the recipe and the file differ in
exporting   writes the file from the recipe
"""
