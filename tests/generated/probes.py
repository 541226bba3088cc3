"""Endpoints that people would write, added to a generated project by hand."""

from generated.projects import Project

ROUTER = "src/app/api/v1/router.py"


def add_router(project: Project, name: str, source: str) -> None:
    """Write a module with a router of this name, and include it as a person would."""
    module = project.path / f"src/app/api/v1/endpoints/{name}.py"
    module.write_text(source, "utf-8")
    wiring = project.path / ROUTER
    text = wiring.read_text("utf-8")
    line = f"from app.api.v1.endpoints.{name} import router as {name}_router\n"
    if line not in text:
        head, end, _ = text.rpartition("]\n")
        wiring.write_text(f"{line}{head}    {name}_router,\n{end}", "utf-8")
