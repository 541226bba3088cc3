"""From the difference of two resources to a migration, without a database."""

from fastgen.migrating.comparing import difference
from fastgen.migrating.difference import Difference, Note
from fastgen.migrating.script import render

__all__ = ["Difference", "Note", "difference", "render"]
