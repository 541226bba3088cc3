"""Renders the template: Copier, ruff, and the file of secrets."""
