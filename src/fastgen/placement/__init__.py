"""Moves a rendered project into place in one step, or not at all.

site      what is at the target now, and how a project gets there
stage     the locked folder beside it, where the project is rendered
move      the one step: a rename, an exchange, or a journaled move
exchange  the system call that swaps two folders
entries   the journaled move of single entries
cleanup   removes what killed runs left
elsewhere suggests another target
workspace refuses a target in a uv workspace
"""
