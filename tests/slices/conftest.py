import pytest

from generated.projects import Workshop


@pytest.fixture(scope="session")
def workshop(
    tmp_path_factory: pytest.TempPathFactory,
    preloaded_fastgen: None,  # noqa: ARG001 - for `Cli.run`
) -> Workshop:
    return Workshop.of(tmp_path_factory)
