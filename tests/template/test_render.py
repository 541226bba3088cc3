"""What Copier renders, before `fastgen new` formats it and git, uv and people see it."""

import ast
import os
import re
import shutil
import subprocess
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from plumbum import local

import fastgen
from fastgen.rendering.scaffold import texts_compiled_once
from generated import variants
from support import ROOT, Cli, snapshot

VARIANTS = variants.variants()
SETTING = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
# GitHub's expressions are not ours.
UNRENDERED = re.compile(r"(?<!\$)\{\{-? *[a-z_]|\{%|\{# ")
FEATURES = ROOT / "template" / "features"
WORD = re.compile(r"\w{3}")
MARK = "Hostile"
HOSTILE = {
    "double quotes": f'{MARK} "quoted" and ""',
    "single quotes": f"{MARK} it's ''",
    "three double quotes": f'{MARK} """ import os """',
    "three single quotes": f"{MARK} ''' import os '''",
    "backslashes": rf"{MARK} C:\new\table\x41 \ \\ \{{ \N{{DASH}}",
    "a backslash at the end": f"{MARK} \\",
    "newlines": f"{MARK}\nsecond line\n\nfourth line",
    "carriage returns and tabs": f"{MARK}\tafter a tab",
    "jinja": f"{MARK} {{{{ 7*7 }}}} {{% raw %}} {{# gone #}}",
    "workflow": f"{MARK} ${{{{ secrets.X }}}} $HOME $(id) `id`",
    "format": f"{MARK} %s %(name)s 100% {{0}} {{name}}",
    "comment": f"{MARK} # no comment",
    "markup": f"{MARK} <!-- hidden --> <script>alert(1)</script> &amp; <b>",
    "yaml": f"{MARK}: [a, {{b: c}}] - !!python/object:os.system | > & * yes",
    "toml": f'{MARK} = "a"\n[tool.uv]\n',
    "emoji": f"{MARK} 🚀 naïve 中文 \u202eevil",
    "all at once": f'{MARK} \'"""\\\n{{{{ 7*7 }}}} ${{{{ secrets.X }}}} # % <!-- --> 🚀',
}


# One has something of each; the others say which it is that breaks.
KINDS = [
    pytest.param(kind, marks=[] if kind == "all at once" else [pytest.mark.slow])
    for kind in HOSTILE
]


@pytest.fixture(scope="session", params=VARIANTS)
def rendered(request: pytest.FixtureRequest, copie_session: Any, exported: Path) -> Path:
    """A folder that Copier has rendered with the answers of one variant."""
    return render(copie_session, exported, VARIANTS[request.param])


def render(copie: Any, template: Path, answers: variants.Answers) -> Path:
    given = {"project_name": "shop-api", **answers}
    # As fastgen does: Copier would start git for every file.
    with local.env(PATH=os.devnull), texts_compiled_once():
        result = copie.copy(extra_answers=given, template_dir=template)
    assert (result.exit_code, result.exception) == (0, None)
    assert given.items() <= result.answers.items()
    folder: Path = result.project_dir
    return folder


@pytest.mark.slow
def test_the_workflow_installs_fastgen_only_when_its_name_is_ours(
    copie_session: Any, exported: Path, tmp_path: Path
) -> None:
    path = ".github/workflows/ci.yml"
    now = (render(copie_session, exported, variants.default()) / path).read_text("utf-8")
    assert "fastgen" not in now
    template = tmp_path / "published"
    shutil.copytree(exported, template)
    questions = template / "copier.yml"
    text = questions.read_text("utf-8")
    questions.write_text(re.sub(r"(?m)^(published: .*)false\}", r"\1true}", text), "utf-8")
    later = (render(copie_session, template, variants.default()) / path).read_text("utf-8")
    step = f"      - run: uvx --from fastapi-fastgen=={fastgen.__version__} fastgen check\n"
    assert later.replace(step, "") == now
    assert later.count(step) == 1


def test_files_have_names_and_nothing_is_left_unrendered(rendered: Path) -> None:
    paths = [path.relative_to(rendered) for path in rendered.rglob("*")]
    strange = [path for path in paths if re.search(r"[{}%\s]|\.jinja$|\.pyc$", str(path))]
    assert strange == []
    assert [path for path in paths if not path.name.strip(".")] == []
    assert [folder for folder in rendered.rglob("*") if folder.is_dir() and empty(folder)] == []
    left = [file.name for file in files(rendered) if UNRENDERED.search(file.read_text("utf-8"))]
    assert left == []


def test_files_end_with_one_newline_and_have_no_space_at_the_end_of_a_line(rendered: Path) -> None:
    for file in files(rendered):
        text = file.read_text("utf-8")
        assert not re.search(r"[ \t]$|\r", text, re.MULTILINE), file
        assert not text or re.search(r"[^\n]\n\Z", text), file
        # The formatter sees to Python, also where Markdown quotes it.
        prose = re.sub(r"^```.*?^```$", "(code)", text, flags=re.MULTILINE | re.DOTALL)
        assert ".py" in file.suffixes or "\n\n\n" not in prose, file
        assert not text.startswith("\n"), file


def test_every_file_of_a_known_language_can_be_read(rendered: Path) -> None:
    for file in files(rendered):
        text = file.read_text("utf-8")
        if file.suffix == ".py":
            compile(text, file, "exec")
        elif file.suffix == ".toml":
            tomllib.loads(text)
        elif file.suffix in {".yml", ".yaml"}:
            assert isinstance(yaml.safe_load(text), dict)
    assert (rendered / "pyproject.toml").exists()


def test_git_ignores_no_file_of_the_project(rendered: Path, tmp_path: Path) -> None:
    run = ["git", "--git-dir", str(tmp_path), "--work-tree", str(rendered)]
    subprocess.run([*run, "init", "--quiet"], check=True)
    listed = [*run, "ls-files", "--others", "--ignored", "--exclude-standard"]
    found = subprocess.run(listed, cwd=rendered, check=True, capture_output=True, text=True)
    assert not found.stdout


def test_every_setting_is_documented_and_no_other(rendered: Path) -> None:
    documented = SETTING.findall((rendered / ".env.example").read_text("utf-8"))
    known = sorted(settings((rendered / "src/app/config.py").read_text("utf-8")))
    assert sorted(documented) == known


@pytest.mark.others_slow
def test_no_secret_is_rendered(rendered: Path, copie: Any, exported: Path) -> None:
    assert not (rendered / ".env").exists()
    assert "\nSECRET_KEY=\n" in (rendered / ".env.example").read_text("utf-8")
    # What is alike each time is not random.
    answers = yaml.safe_load((rendered / ".copier-answers.yml").read_text("utf-8"))
    again = render(copie, exported, {name: answers[name] for name in variants.options()})
    assert snapshot(again) == snapshot(rendered)


def test_options_that_are_off_leave_no_trace(rendered: Path) -> None:
    answers = yaml.safe_load((rendered / ".copier-answers.yml").read_text("utf-8"))
    present = {path.relative_to(rendered).as_posix() for path in rendered.rglob("*")}
    image = {"Dockerfile", ".dockerignore"}
    assert present & image == (set() if answers["deploy"] == "none" else image)
    assert ("compose.yaml" in present) == (answers["deploy"] == "docker")
    assert ("deploy" in present) == (answers["deploy"] == "kubernetes")
    assert (".github" in present) == (answers["ci"] == "github")
    other = {"sqlite": "asyncpg", "postgresql": "aiosqlite"}[answers["database"]]
    assert [file for file in files(rendered) if other in file.read_text("utf-8")] == []


@pytest.mark.others_slow
def test_fastgen_works_in_what_plain_copier_made(rendered: Path, cli: Cli) -> None:
    project = cli.cwd / "shop"
    shutil.copytree(rendered, project)
    recipe = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert (recipe["_src_path"], recipe["_commit"]) == ("fastapi-fastgen", fastgen.__version__)
    for command in ("add resource item name:str:100", "add field item day:date:optional"):
        done = cli.run(*command.split(), cwd=project)
        assert done.code == 0, done
    assert cli.run("check", cwd=project).out == "uv.lock: it does not exist\n  hint: uv lock\n"
    assert cli.run("remove", "resource", "item", cwd=project).code == 0
    assert not (project / "src/app/models/item.py").exists()


def test_no_line_is_left_of_a_feature_that_is_off(rendered: Path) -> None:
    answers = yaml.safe_load((rendered / ".copier-answers.yml").read_text("utf-8"))
    values = variants.derived({name: answers[name] for name in variants.options()})
    template = ROOT / "template"
    layers = {
        name: template / "project" / f"{{{{ {name} }}}}" for name in values if "with_" in name
    }
    fragments = {folder: folder.name in values["features"] for folder in FEATURES.iterdir()}
    on = lines(*(folder for folder, is_on in fragments.items() if is_on))
    on |= lines(*(folder for name, folder in layers.items() if values[name]))
    off = lines(*(folder for folder, is_on in fragments.items() if not is_on))
    off |= lines(*(folder for name, folder in layers.items() if not values[name]))
    shared = [path for path in (template / "project").iterdir() if path not in layers.values()]
    left = (off - on - lines(*shared)) & lines(rendered)
    assert off
    assert left == set()


@pytest.mark.parametrize("database", variants.options()["database"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_description_is_text_wherever_it_lands(
    kind: str, database: str, copie: Any, exported: Path
) -> None:
    answers = variants.default() | {"database": database, "description": HOSTILE[kind]}
    assert_is_text(render(copie, exported, answers), HOSTILE[kind])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_command_keeps_a_description_too(kind: str, cli: Cli) -> None:
    flags = ("--description", HOSTILE[kind], "--no-git", "--no-install")
    result = cli.run("new", "shop-api", *flags)
    if result.code == 1:
        # It may say no, but not change it: controls are no text for people.
        assert any(unicodedata.category(c) in {"Cc", "Cf"} for c in HOSTILE[kind]), result.err
        assert not (cli.cwd / "shop-api").exists()
        return
    assert (result.code, result.err) == (0, "")
    assert_is_text(cli.cwd / "shop-api", HOSTILE[kind].strip())


def assert_is_text(project: Path, description: str) -> None:
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert answers["description"] == description
    metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert metadata["project"]["description"] == " ".join(description.split())
    assert metadata["tool"]["uv"]["build-backend"] == {"module-name": "app"}
    config = (project / "src/app/config.py").read_text("utf-8")
    assert ast.literal_eval(fields(config, "Settings")["app_description"]) == description
    assert f"\n\n{description.strip()}\n\n" in (project / "README.md").read_text("utf-8")
    # And it is nowhere else, where nobody would look whether it is still text.
    landed = {file.name for file in files(project) if MARK in file.read_text("utf-8")}
    assert landed == {".copier-answers.yml", "pyproject.toml", "config.py", "README.md"}
    for file in project.rglob("*.py"):
        compile(file.read_text("utf-8"), file, "exec")


def settings(source: str) -> Iterator[str]:
    """Yield the environment variables that a module's class `Settings` reads."""
    classes = {n.name for n in ast.parse(source).body if isinstance(n, ast.ClassDef)}
    for node in classes_named(source, "Settings").body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, kind = node.target.id.upper(), ast.unparse(node.annotation)
            nested = fields(source, kind) if kind in classes else {}
            yield from [f"{name}__{key.upper()}" for key in nested] or [name]


def fields(source: str, name: str) -> dict[str, str]:
    return {
        node.target.id: ast.unparse(node.value) if node.value else ""
        for node in classes_named(source, name).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def classes_named(source: str, name: str) -> ast.ClassDef:
    (found,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return found


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def lines(*paths: Path) -> set[str]:
    """Return the lines of files, and of those in folders, that are not only signs."""
    found = [file for path in paths for file in (files(path) if path.is_dir() else [path])]
    texts = (file.read_text("utf-8") for file in found)
    return {line.strip() for text in texts for line in text.splitlines() if WORD.search(line)}


def empty(folder: Path) -> bool:
    return not any(folder.iterdir())
