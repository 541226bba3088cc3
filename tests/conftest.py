"""What many tests need: a user, and a fastgen with a template of ten lines."""

from pathlib import Path

import pytest

import support


@pytest.fixture
def cli(tmp_path: Path) -> support.Cli:
    """A user in an empty folder, with fastgen as it is in this repository."""
    work = tmp_path / "work"
    work.mkdir()
    return support.Cli(work, tmp_path / "home")


@pytest.fixture(scope="session")
def tiny_installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a fastgen whose template is ten lines long."""
    return support.install(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny(cli: support.Cli, tiny_installation: dict[str, str]) -> support.Cli:
    """A user with the tiny template."""
    cli.env.update(tiny_installation)
    return cli
