"""A plan of changes to a project that people edit: shown, or applied all or nothing.

plan         what is to be created, edited, deleted, and what is left to the person
diff         the plan as a patch
lock         one fastgen at a time in a project
preflight    whether the plan still fits what is on disk
preparation  the plan and the old contents on disk, before anything is changed
places       where a journal is: in git's folder or the user's, never among the project's files
journal      what lies there, and how it is found again
form         what the journal says, as text and back
apply        the changes, step by step; undone on an error or a signal
recovery     the undoing, also of what a killed run has left
paths        which paths of a project are safe to touch
"""
