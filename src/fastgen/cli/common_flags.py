"""Flags that several commands have."""

import typer

DRY_RUN = typer.Option("--dry-run", help="List the changes, write nothing.")
DIFF = typer.Option("--diff", help="Show the changes as a diff, write nothing.")
JSON = typer.Option("--json", help="Print one JSON object on stdout.")
