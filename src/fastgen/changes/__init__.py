"""A plan of changes to a project that people edit: shown, or applied all or nothing.

plan         files to create, edit and delete, and what is left to the user
diff         the plan as a patch
lock         lets one fastgen at a time work in a project
preflight    checks that the plan still fits the files on disk
preparation  saves the plan and the old contents before anything is changed
places       the folder of the journal: in git's or the user's, never among the project's files
journal      the files of a journal, and how later runs find them
form         the journal's text format
apply        makes the changes step by step; undoes them on an error or a signal
recovery     undoes changes, also those of a killed run
paths        tells which paths of a project are safe to change
"""
