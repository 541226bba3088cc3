"""Carries a project from one recipe to another, and keeps what people edited.

changes      what differs between the recipes, and the resources that refer to it
staged       the project with the files of a plan that is being made
renaming     the words that a renamed resource or field has in a source
files        merges the files of a slice
lists        the lists of children in a model, which other resources bring
lost_imports imports of names that no longer exist
placing      the places and names that moved files have
recording    the entries of the recipe, with what was written into each file
carry        all of it: from the changes to a plan
"""
