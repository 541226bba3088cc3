"""The migration of a change."""

from collections.abc import Sequence

from fastgen.engine.carry import Migrate, Steps, no_migration
from fastgen.engine.changes import Change, Worlds
from fastgen.project import migrations
from fastgen.project.project import Project
from fastgen.slices.render import Renderer


def migration_of(project: Project, title: str, *, wanted: bool) -> Migrate:
    """Return what makes the migration called `title` of the changes, if it is `wanted`."""
    if not wanted:
        return no_migration

    def migrate(changes: Sequence[Change], worlds: Worlds, renderer: Renderer) -> Steps:
        return Steps(manual=(migrations.by_hand(title, "not yet"),))

    return migrate
