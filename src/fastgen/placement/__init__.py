"""Moves a rendered project into place, completely or not at all.

site      what is at the target now, and how a project gets there
stage     the locked folder beside it, where the project is rendered
move      the way there: one rename, or a journaled move beside what is kept
entries   the journaled move of single entries
cleanup   removes what killed runs left
elsewhere suggests another target
workspace refuses a target in a uv workspace
"""
