"""Whatever line is typed, the project stays clean: many random resources, in one project each.

`FASTGEN_SEEDS="7 8 9"` tries other seeds, `FASTGEN_RESOURCES=60` more resources.
"""

import os
from pathlib import Path

import pytest

from fastgen.databases import BY_NAME, SQLITE
from generated import variants
from generated.projects import Project, Workshop
from generated.random_resources import Typed, random_resources

pytestmark = pytest.mark.slow

SEEDS = tuple(map(int, os.environ.get("FASTGEN_SEEDS", "2026").split()))
COUNT = int(os.environ.get("FASTGEN_RESOURCES", "30"))
LONG = "holds_goods_that_were_delivered_last"
# What went wrong once, each with what refers to it.
KNOWN = (
    # A null that is sent is not the default.
    Typed(
        "nullable", "shared", ("note:text:optional:default=none", "at:time:optional:default=01:00")
    ),
    # Texts that Alembic compares badly.
    Typed(
        "quotation",
        "public",
        (
            "empty:str:10:default=",
            "quoted:str:40:default=it's 50% \\ of: a:b",
            "words:text:optional:default='Größe' \"и\"",
            'config:json:default={"it\'s":[1,2.5,null]}',
            "names:list:str:default=O'Neil,x",
        ),
    ),
    # Constraints have longer names than PostgreSQL takes.
    Typed(
        "warehouse_of_a_very_long_name",
        "shared",
        (
            "identification_number_given_by_the_authorities:str:20:unique:sort:search",
            "kind_of_goods_that_may_be_stored_there:enum:dry,wet,other:filter:sort",
            "warehouse_that_goods_go_to_when_this_is_full:ref:warehouse_of_a_very_long_name:optional:filter",
        ),
    ),
    # Two ways to the same row, whose unique values must not clash.
    Typed("customer", "owner", ("email:email:unique", "account:ref:user:unique:ondelete=cascade")),
    Typed("shop_order", "owner", ("customer:ref:customer:ondelete=cascade", "number:int:unique")),
    Typed("payment", "owner", ("order:ref:shop_order", "customer:ref:customer:filter:sort")),
    # What the templates call things.
    Typed("account", "owner", ("client:ref:user", "sort_key:int:sort:filter", "response:str")),
    Typed("body", "admin", ("data:str", "page:int:filter", "session:json", "value:enum:I,O,1")),
    Typed("license", "public", ("create:enum:a,b", "create_value:str", "a_1:int", "a1:int")),
    # What ruff takes for secrets, addresses and temporary folders.
    Typed(
        "credential",
        "owner",
        (
            "token:str:40:sort:filter",
            "pwd:str:20:default=secret",
            "passphrase:str:40:optional:writeonly",
            "kind:enum:token,password:default=token:filter:sort",
            "host:str:40:default=0.0.0.0",
            "folder:str:40:default=/tmp/x",
        ),
    ),
    # No field is sent, or none but references.
    Typed(
        "counter",
        "owner",
        (
            "hits:int:readonly:filter:sort:default=0",
            "seen:str:optional:readonly:search",
            "weight:decimal:9,4:readonly:default=1",
        ),
    ),
    Typed("membership", "shared", ("member:ref:user:unique", "license:ref:license:writeonly")),
    # A field of one value, and more filters than a function may have branches.
    Typed("setting", "admin", ("only:str:1:pattern=^x$", *(f"f{n}:int:filter" for n in range(25)))),
    # The first and the last values that there are, and numbers that are stored in other words.
    Typed(
        "lease",
        "owner",
        (
            "since:date:filter:sort:default=0001-01-01",
            "until:date:filter:sort:default=9999-12-31",
            "opens:time:gt=09:30:le=18:15:30.5:filter:sort",
            "ends:datetime:filter:sort:le=9999-12-31T23:59:59.999998Z",
            "times:list:time:optional",
            "meta:json:default=[1e-18,9e18]",
        ),
    ),
    # What statements of pages could call their parameters.
    Typed("hunt", "owner", ("wanted:bool:filter", "last_id:uuid:filter:sort", "limit:date:sort")),
    Typed("parameter", "shared", ("last_value:str:filter:search", "total:str", "sort:int:sort")),
    Typed("named", "shared", ("param_1:str:filter", "name:str:filter", "name_1:str:filter")),
    # Unique together: references to a row, to accounts only, to null, and with what nobody sends.
    Typed("team", "shared", ("name:str:40:unique",)),
    Typed(
        "member",
        "owner",
        ("team:ref:team", "account:ref:user", "role:str:9"),
        ("team,account",),
        ("owner,role",),
    ),
    Typed(
        "follow",
        "shared",
        ("follower:ref:user", "following:ref:user"),
        ("follower,following",),
        ("following,created_at",),
    ),
    Typed("vote", "owner", ("voter:ref:user", "up:bool"), ("voter,up",)),
    Typed("reply", "shared", ("vote:ref:vote", "words:str:20"), ("vote,words",)),
    Typed(
        "leaf",
        "owner",
        ("parent:ref:leaf:optional", "slug:str:50:filter:sort"),
        ("parent,slug",),
        ("slug,updated_at",),
    ),
    Typed(
        "seat",
        "public",
        ("team:ref:team:optional:filter:sort", "line:int:ge=1", "place:int:ge=1"),
        ("team,line,place",),
        ("place,created_at",),
    ),
    Typed(
        "job",
        "admin",
        (
            "state:enum:open,done:readonly:default=open",
            "number:int",
            "done_on:date:optional:readonly",
        ),
        ("state,number", "done_on,number"),
    ),
    Typed("code_key", "owner", ("code:str:40:writeonly", "label:str:20"), ("code,label",)),
    Typed(
        "review_round",
        "shared",
        ("reviewer:ref:user:optional", "title:str:20", "team:ref:team"),
        ("reviewer,title", "team,title"),
    ),
    Typed(
        "shelf_of_a_very_long_name",
        "shared",
        (f"{LONG}:str:20:search", f"shelf_that_{LONG}:ref:shelf_of_a_very_long_name:optional"),
        (f"{LONG},shelf_that_{LONG}",),
        (f"shelf_that_{LONG},{LONG},created_at",),
    ),
    # Ascending and descending by these must be told apart.
    Typed("ranking", "owner", ("place:int:sort", "place_desc:int:sort")),
)
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
)


@pytest.mark.nightly
@pytest.mark.parametrize("database", BY_NAME)
@pytest.mark.parametrize("seed", ["known", *SEEDS])
def test_a_project_with_random_resources_is_clean(
    database: str, seed: int | str, workshop: Workshop
) -> None:
    answers = variants.default() | {"database": database}
    project = workshop.project(f"random-{database}-{seed}", answers)
    for typed in (
        KNOWN if isinstance(seed, str) else random_resources(seed, COUNT, BY_NAME[database])
    ):
        added = project.user.run(*typed.arguments, cwd=project.path)
        assert added.code == 0, f"seed {seed}: {typed}\n{added.err}"
    for command in CHECKS:
        project.uv_run(*command).must_succeed()
    # Among them: up, `alembic check`, and down again.
    project.must_pass_its_tests()


def test_the_same_seed_gives_the_same_resources() -> None:
    assert list(random_resources(1, 5, SQLITE)) == list(random_resources(1, 5, SQLITE))


def test_what_is_rendered_is_rendered_alike(workshop: Workshop, tmp_path: Path) -> None:
    project = workshop.project("random-alike", variants.default())
    (typed,) = random_resources(SEEDS[0], 1, SQLITE)
    shown = [_diff(project, typed) for _ in range(2)]
    assert shown[0] == shown[1]
    assert tmp_path.name not in shown[0]


def _diff(project: Project, typed: Typed) -> str:
    done = project.user.run(*typed.arguments, "--diff", "--no-migration", cwd=project.path)
    assert done.code == 0, done.err
    return done.out
