"""Adds lines to Python files that people edit, and takes them out again.

routers        the `include_router` line of a resource and its import
exports        the model's line in `models/__init__.py`
relationships  a parent's side of a foreign key
classes        what a model file declares

Pure: bytes in, a `Result` out. Each edit is located by `ast`, made as a text splice and
parsed again: the new tree must be the old one plus (or minus) the statements meant.
"""
