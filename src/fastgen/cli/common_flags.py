"""Flags of several commands."""

import typer

DRY_RUN = typer.Option("--dry-run", help="List the changes and write nothing.")
DIFF = typer.Option("--diff", help="Show the changes as a diff and write nothing.")
JSON = typer.Option("--json", help="Print one JSON object on stdout.")
