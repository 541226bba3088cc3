"""The template: rendered by Copier itself, and as each variant of a project."""
