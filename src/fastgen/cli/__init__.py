"""The command line: the only part that knows Typer, Rich and questionary."""
