"""Adds lines to Python files that people edit, and removes them again.

routers        the `include_router` line of a resource and its import
exports        the model's line in `models/__init__.py`
relationships  the parent's side of a foreign key
classes        the classes in a model file

The editors are pure: bytes in, a `Result` out. Each edit is located by `ast`, made as a text
splice and parsed again: the new tree must be the old one plus (or minus) the intended statements.
"""
