"""The situations in which each hint is typed.

A new hint needs an entry under the function that gives it: `command` is what a person types and is
refused, in the state that `before` makes. Then its hints are typed, one after the other, and
`then`, all of which must succeed.
"""

from dataclasses import dataclass
from typing import Literal

ENTRY = ".fastgen/resources/item.yml"
RECORDS = ".fastgen/files/resources/item.yml"
MODEL = "src/app/models/item.py"
VERSIONS = "src/app/migrations/versions"
OWN = ".fastgen/templates/resource"
FIRST = f"{VERSIONS}/*_create_users_and_sessions.py"
OTHER = f"{VERSIONS}/other.py"
OTHER_HEAD = f"""sed 's/^revision.*/revision = "000000000000"/' {VERSIONS}/*_items.py > {OTHER}"""
CIRCLE = f"""items=$(sed -n 's/^revision = //p' {VERSIONS}/*_create_items.py)
sed -i "s/^down_revision.*/down_revision = $items/" {FIRST}"""
LOCK = 'version = 1\\nrevision = 3\\nrequires-python = ">=3.11"\\n'
OWN_PACKAGE = '[[package]]\\nname = "shop"\\nversion = "1"\\nsource = { virtual = "." }\\n'
GONE = "mkdir gone; cd gone; rmdir ../gone"


@dataclass(frozen=True)
class Situation:
    """What is typed in a folder, and how that came to be as it is."""

    command: str
    before: str = ""
    # A project with the resource item in its git, or a folder with nothing in it.
    folder: Literal["project", "empty"] = "project"
    then: str = "true"
    # What hints may end with: 4 when they leave something to the person.
    codes: tuple[int, ...] = (0,)
    # Where it is typed.
    where: str = "true"


def new(arguments: str, before: str = "") -> Situation:
    """Return one in which a project is to be made."""
    command = f"fastgen new {arguments} --yes --no-install --no-git"
    return Situation(command, before, folder="empty")


def check(before: str, then: str = "fastgen check") -> Situation:
    """Return one in which a project does not agree with its recipe, and then does."""
    return Situation("fastgen check", before, then=then)


ITEM = "fastgen add resource item name:str:100:min=1 price:decimal:10,2:gt=0"

SITUATIONS: dict[str, list[Situation]] = {
    "cli/change/access:access": [Situation("fastgen change access item")],
    "commands/change_access:_refuse_unknown": [Situation("fastgen change access item sharde")],
    "commands/changed:field_of": [
        Situation("fastgen rename field item prize amount"),
        Situation("fastgen remove field item xyz", then="fastgen info"),
    ],
    "commands/changed:first_field": [Situation("fastgen remove field user bio")],
    "project/account:_wrong": [
        Situation("fastgen add field user email:str:optional bio:text:optional"),
        Situation("fastgen add field user team:ref:item:optional"),
        Situation("fastgen add field user nick:str:30:sort:search"),
    ],
    "commands/remove_field:propose": [Situation("fastgen remove field item name price")],
    "commands/rename_field:_of_name": [Situation("fastgen rename field item price 1st")],
    "commands/rename_resource:_taken": [
        Situation("fastgen rename resource item box", "fastgen add resource box name:str")
    ],
    "migrating/mistakes:no_expression": [
        Situation(
            "fastgen change field item data:list:str", "fastgen add field item data:json:optional"
        )
    ],
    "migrating/mistakes:without_value": [
        Situation(
            "fastgen change field item note:int", "fastgen add field item note:int:optional"
        ),
        Situation(
            "fastgen change access box owner", "fastgen add resource box name --access shared"
        ),
    ],
    "migrating/mistakes:wrong_fill": [
        Situation(
            "fastgen change field item note:int --fill many",
            "fastgen add field item note:int:optional",
        ),
        Situation("fastgen add field item size:int --fill many"),
        Situation(
            "fastgen change access box owner --fill ada",
            "fastgen add resource box name --access shared",
        ),
    ],
    "commands/add_field:without_value": [Situation("fastgen add field item sku:str:32")],
    "commands/add_field:_not_added": [
        Situation("fastgen add field order sku:str:32"),
        Situation("fastgen add field tag bio:text:optional", "> src/app/models/tag.py"),
    ],
    "commands/add_field:_no_place": [
        Situation(
            "fastgen add field thing item:ref:item:optional",
            "fastgen add field item list:str:optional && fastgen add resource thing",
        )
    ],
    "commands/add_resource:_other_names": [Situation(f"{ITEM} --plural goods --force")],
    "commands/add_resource:_renamed_fields": [
        Situation(f"{ITEM.replace('name', 'title')} --force"),
    ],
    "cli/add/resource:_refuse": [
        Situation("fastgen add resource item name:str:100 sku:str:32"),
        Situation("fastgen add resource item name:str:100", codes=(0, 4)),
    ],
    "cli/add/resource:resource": [Situation("fastgen add resource")],
    "cli/asking/resources:existing": [
        Situation("fastgen add field"),
        Situation("fastgen change field"),
        Situation("fastgen rename field"),
        Situation("fastgen rename resource"),
        Situation("fastgen change access"),
        Situation(
            "fastgen remove resource",
            "fastgen remove resource item && git add -A && git commit -qm Removed",
        ),
    ],
    "cli/asking/resources:existing_field": [
        Situation("fastgen remove field item"),
        Situation("fastgen change field item"),
    ],
    "cli/asking/resources:new_name": [Situation("fastgen rename field item name")],
    "cli/add/field:_asked": [Situation("fastgen add field item")],
    "cli/plans:end": [Situation("fastgen add field item sku:str:optional > /dev/full")],
    "cli/check:check": [Situation("fastgen check --dry-run")],
    "cli/new/__init__:_end": [new("shop > /dev/full")],
    "cli/new/__init__:_refuse_mistakes": [new("")],
    "cli/new/__init__:_target": [
        new("shop --output ''"),
        new("'my shop' --output ''"),
    ],
    "cli/new/__init__:_two_folders": [
        new("../shop --output folder"),
        new("../class --output folder"),
    ],
    "system/typed_path:absolute": [
        Situation("fastgen new shop --yes", folder="empty", where=GONE),
    ],
    "changes/preflight:_file_problems": [
        Situation(
            "fastgen remove resource item",
            f"mv {MODEL} src/app/item_model.py && ln -s ../item_model.py {MODEL}",
            then="fastgen remove resource item",
        ),
    ],
    "changes/preflight:_mode_problems": [
        Situation(
            "fastgen add field item sku:str:optional",
            f"chmod a-w {MODEL}",
            then="fastgen add field item sku:str:optional",
        ),
    ],
    "commands/check/uv_lock:differences": [
        check("rm uv.lock"),
        check(f"printf '{LOCK}{OWN_PACKAGE}' > uv.lock"),
        check("echo '<<<<<<< HEAD' >> uv.lock"),
        check("rm uv.lock; mkfifo uv.lock"),
    ],
    "commands/check/decided:_difference": [
        check("sed -i 's/ItemService/Catalogue/' src/app/services/item.py"),
    ],
    "commands/check/decided:_squashed": [
        check(
            f"""sed -i 's/^revision = .*/revision = "000000000000"/' {VERSIONS}/*_create_items.py"""
        ),
    ],
    "commands/check/entries:compared": [
        check(f"sed 's/^name: item/name: thing/' {ENTRY} > .fastgen/resources/thing.yml"),
        check(
            "fastgen add resource brand && fastgen add field item brand:ref:brand:optional && "
            "git add -A && git commit -qm Brands && rm .fastgen/resources/brand.yml"
        ),
    ],
    "commands/check/entries:_unreadable": [
        check(f"mv {ENTRY} .fastgen/resources/thing.yml"),
        check(f"sed -i '3i <<<<<<< HEAD' {ENTRY}"),
        check("printf nothing > .fastgen/resources/thing.yml"),
    ],
    "commands/check/generated:differences": [
        check(f"sed -i '3i <<<<<<< HEAD' {RECORDS}"),
        check(f"printf nothing > {RECORDS}; git add -A; git commit -qm Broken"),
    ],
    "commands/check/compare:differences": [
        check("sed -i 's/^_commit:.*/_commit: 1-2-gabc/' .copier-answers.yml"),
    ],
    "commands/check/compare:_history": [check(f"git rm -qr {VERSIONS}")],
    "domain/source:read": [Situation("fastgen apply", then="fastgen apply")],
    "commands/apply:_unnamed": [
        Situation("fastgen apply", "printf 'version: 1\\nresources: {}\\n' > resources.yml"),
    ],
    "commands/export:_refuse_to_lose": [
        Situation(
            "fastgen export -o resources.yml",
            f"printf '{content}' > resources.yml",
            then="fastgen export -o resources.yml",
        )
        for content in ("version: 1 # ours\\nresources: {}\\n", 'a: "b', "a: 1\\n")
    ],
    "commands/check/revisions:differences": [
        check(OTHER_HEAD, then="true"),
        check(CIRCLE, then="true"),
        check(f"cp {VERSIONS}/*_create_items.py {VERSIONS}/again.py"),
        check(f"git rm -q {FIRST}"),
    ],
    "commands/check/domain:differences": [
        check("fastgen export -o resources.yml && sed -i s/100/120/ resources.yml"),
        check("printf 'version: 1\\nresources: {}\\n' > resources.yml"),
        Situation(
            "fastgen check",
            "printf 'version: 1\\nresources: {item: [name:strr]}\\n' > resources.yml",
            codes=(1,),
        ),
    ],
    "commands/check/slice_files:differences": [check(f"rm {MODEL}"), check(f"git rm -q {MODEL}")],
    "commands/check/slice_files:_columns": [
        check(f"sed -i '/price: Mapped/d' {MODEL}"),
        check(f"echo > {MODEL}; git commit -qam Emptied"),
        check("fastgen add resource thing a b && sed -i '/ b: M/d' src/app/models/thing.py"),
    ],
    "commands/check/slice_files:migrated": [
        check(f"git rm -q {VERSIONS}/*_create_items.py && git commit -qm Lost"),
        check("fastgen add resource thing --no-migration", then="true"),
    ],
    "commands/check/wired:leftovers": [
        check(
            "git rm -q --cached .fastgen/resources/item.yml && rm .fastgen/resources/item.yml && "
            "git rm -q src/app/api/v1/endpoints/items.py && git commit -qm Gone"
        )
    ],
    "commands/check/wired:without_router": [
        check(
            "sed -i '/items_router/d' src/app/api/v1/router.py; "
            "echo > src/app/api/v1/endpoints/items.py",
            then="fastgen check --fix",
        ),
    ],
    "commands/check/wired:differences": [
        check("sed -i '/items_router/d' src/app/api/v1/router.py"),
    ],
    "commands/eject:_unknown": [
        Situation("fastgen templates eject servce"),
        Situation("fastgen templates eject xyz"),
    ],
    "commands/eject:propose": [
        Situation(
            "fastgen templates eject service",
            f"fastgen templates eject service && echo '# mine' >> {OWN}/service.py.jinja",
            then="fastgen templates eject service",
        )
    ],
    "fields/mistakes:errors": [
        Situation("fastgen add field item status:enum:draft,live:default=gone sku:str:optinal"),
    ],
    "fields/parse:parse": [
        Situation(
            "fastgen add resource thing " + " ".join(f"f{number}:int" for number in range(101))
        )
    ],
    "commands/new/first_resources:_told": [
        new("shop --resource 'item name:foo brand:ref:brand' --resource 'class x:str'"),
    ],
    "commands/new/first_resources:_options": [
        new("shop --resource 'item name:str --acces shared'"),
    ],
    "commands/new/first_resources:request": [new("shop --resource ''")],
    "names/resource:resolve": [Situation("fastgen add resource 'Größe!'")],
    "names/resource:_check": [
        Situation("fastgen add resource sheep"),
        Situation("fastgen add resource x --plural nothing"),
    ],
    "names/resource:_check_plural": [Situation("fastgen add resource thing --plural 'All Things'")],
    "names/resource:_taken": [Situation("fastgen add resource class name:str")],
    "names/project:check": [new("''"), new("1shop"), new("json"), new("../class"), new("/"),
        Situation(
            "fastgen new . --yes --no-install --no-git",
            "mkdir 'my shop'",
            folder="empty",
            where="cd 'my shop'",
        ),
    ],
    "commands/new/create:_refuse_nesting": [
        Situation("fastgen new inner --yes --no-install --no-git"),
    ],
    "template/answers:_accepted": [
        new("shop --deploy kubernetes"),
        new("shop --database sqlite --deploy kubernetes"),
    ],
    "template/answers:_choice": [new("shop --database sqllite")],
    "template/answers:check_text": [
        new(f"shop --description {'x' * 501}"),
        new("shop --description $'a\\x07b'"),
        new("shop --description $'a\\xff'"),
    ],
    "placement/site:inspect": [
        new("shop", "ln -s nowhere shop"),
        new("shop", "touch shop"),
    ],
    "placement/site:_existing": [
        new("shop", "mkdir shop && touch shop/notes"),
        new("../shop", "touch notes"),
        Situation(
            "fastgen new --yes --no-install --no-git -- -x/shop",
            "mkdir -p -- -x/shop && touch ./-x/shop/notes",
            folder="empty",
        ),
        new(r"$'a\nb\xff/shop'", r"mkdir -p $'a\nb\xff/shop' && touch $'a\nb\xff/shop/notes'"),
    ],
    "placement/site:_existing_ancestor": [new("shop --output file/shop", "touch file")],
    "project/clashes:another_name": [Situation("fastgen add resource user name:str")],
    "project/clashes:another_plural": [
        Situation("fastgen add resource thing --plural items"),
    ],
    "project/typed_sets:read": [
        Situation("fastgen add resource thing a:int b:int --unique a,bb --index a"),
    ],
    "project/understand:_no_access": [Situation("fastgen add resource thing --access shred")],
    "project/understand:never_made": [
        Situation("fastgen add resource node parent:ref:node"),
    ],
    "project/understand:_unknown": [
        Situation("fastgen add resource thing item:ref:itm"),
        Situation(
            "fastgen add resource thing brand:ref:brand",
            then="fastgen add resource thing brand:ref:brand",
        ),
    ],
    "project/worlds:in_circles": [
        Situation(
            "fastgen add field item thing:ref:thing --fill 1",
            "fastgen add resource thing item:ref:item",
        )
    ],
    "project/worlds:_target": [
        Situation(
            "fastgen add field item sku:str:optional",
            "fastgen add resource brand && fastgen add field item brand:ref:brand:optional && "
            "git add -A && git commit -qm Brands && rm .fastgen/resources/brand.yml",
            then="fastgen add field item sku:str:optional",
        )
    ],
    "project/history:losing": [
        Situation(
            "fastgen add resource thing --force",
            "echo '# mine' > src/app/models/thing.py",
            then="fastgen add resource thing --force",
        ),
        Situation(
            "fastgen add resource thing --force",
            "echo '# mine' > src/app/models/thing.py; rm -r .git",
            then="fastgen add resource thing --force",
        ),
    ],
    "project/project:_check_recipe": [
        Situation(
            "fastgen info", "sed -i s/sqlite/oracle/ .copier-answers.yml", then="fastgen info"
        )
    ],
    "project/project:_recipe": [
        Situation("fastgen info", "echo '<<<<<<< HEAD' >> .copier-answers.yml", then="fastgen info")
    ],
    "project/project:find": [
        Situation("fastgen info", folder="empty", then="fastgen info"),
        Situation("fastgen info", where="cd ..", then="fastgen info"),
        Situation("fastgen info", where=GONE),
    ],
    "project/template_version:difference": [
        Situation(
            "fastgen add resource thing",
            "sed -i '/^_commit/d' .copier-answers.yml",
            then="fastgen add resource thing",
        ),
        Situation(
            "fastgen remove resource item",
            "sed -i 's/^_commit:.*/_commit: main/' .copier-answers.yml && git commit -qam Odd",
            then="fastgen remove resource item",
        ),
    ],
    "project/references:in_use": [
        Situation(
            "fastgen remove resource item",
            "fastgen add resource thing item:ref:item && "
            "fastgen add resource part thing:ref:thing item:ref:item",
            then="fastgen remove resource item",
        ),
        Situation(
            "fastgen remove resource item",
            "echo 'from app.models import Item' > src/app/reports.py",
        ),
    ],
    "project/understand:_unreachable": [Situation("fastgen add resource thing log_in:ref:session")],
    "project/records:load": [
        Situation(
            "fastgen add field item sku:str:optional",
            f"sed -i '3i <<<<<<< HEAD' {RECORDS}",
            then="fastgen add field item sku:str:optional",
        ),
        Situation(
            "fastgen add field item sku:str:optional",
            f"rm -r .git && echo '{{' > {RECORDS}",
            then="fastgen add field item sku:str:optional",
        ),
    ],
    "project/resources:_no_resource": [
        Situation("fastgen remove resource itm", codes=(0,)),
        Situation("fastgen remove resource xyz"),
        Situation("fastgen remove resource user"),
    ],
    "project/resources:_unreadable": [
        Situation("fastgen add field item sku:str:optional", f"echo '{{' > {ENTRY}",
                  then="fastgen add field item sku:str:optional"),
        Situation(
            "fastgen add field item sku:str:optional",
            f"sed -i 's/name:str:100:min=1/name:foo/' {ENTRY} && git commit -qam Broken",
            then="fastgen add field item sku:str:optional",
        ),
    ],
    "project/settings:load": [
        Situation("fastgen info", "echo '[[' >> pyproject.toml", then="fastgen info"),
        Situation(
            "fastgen info",
            "printf '[tool]\\nfastgen = 5\\n' > other.toml && cat pyproject.toml >> other.toml && "
            "mv other.toml pyproject.toml",
            then="fastgen info",
        ),
    ],
    "project/settings:_mistakes": [
        Situation("fastgen info", f"printf '\\n[tool.fastgen]\\n{line}\\n' >> pyproject.toml",
                  then="fastgen info")
        for line in ('acess = "owner"', 'access = "shred"', 'migration = "no"')
    ],
    "project/migrations:head": [Situation("fastgen add resource thing", OTHER_HEAD)],
    "rendering/ruff_settings:check": [
        Situation(
            "fastgen add resource thing",
            f"""sed -i 's/^.tool.ruff.$/&\\nextend = "{file}"/' pyproject.toml""",
            then="fastgen add resource thing",
        )
        for file in ("~\\/ruff.toml", "pyproject.toml")
    ],
    "rendering/ruff_settings:_extended": [
        Situation(
            "fastgen add resource thing",
            """sed -i 's/^.tool.ruff.$/&\\nextend = "base.toml"/' pyproject.toml""",
            then="fastgen add resource thing",
        )
    ],
    "fields/types/texts:samples": [
        Situation("fastgen add resource thing 'code:str:2:pattern=^[a-z]{3}$'"),
    ],
    "slices/cases:_check_distinct": [
        Situation("fastgen add resource thing 'code:str:1:unique:pattern=^[ab]$'"),
    ],
    "slices/first_rows:check": [Situation("fastgen add resource node parent:ref:node")],
    "slices/clashes:_misnamed_field": [
        Situation("fastgen add field item int:int:optional"),
        Situation(
            "fastgen add field item tags:list:str:default=a",
            "fastgen add field item list:str:optional",
        ),
    ],
    "slices/clashes:_misnamed": [
        Situation("fastgen add resource base"),
        Situation(
            "fastgen add resource label",
            "fastgen templates eject endpoints &&"
            " sed -i 's/^from app.schemas.page.*/&\\nfrom app.labels import list_labels/'"
            f" {OWN}/endpoints.py.jinja",
        ),
    ],
    "slices/environment:_read_own": [
        Situation(
            "fastgen add resource thing",
            f"mkdir -p {OWN} && ln -s /etc/hostname {OWN}/service.py.jinja",
            then="fastgen add resource thing",
        ),
        Situation(
            "fastgen add resource thing",
            "mkdir -p ../elsewhere/resource && cp README.md ../elsewhere/resource/service.py.jinja"
            " && ln -s ../../elsewhere .fastgen/templates",
            then="fastgen add resource thing",
        ),
    ],
    "slices/render:_refused": [
        Situation(
            "fastgen add resource thing",
            f"fastgen templates eject service && echo '{{% if' >> {OWN}/service.py.jinja",
            then="fastgen add resource thing",
        )
    ],
    "placement/workspace:refuse": [
        new("shop", """printf '[tool.uv.workspace]\\nmembers = ["*"]\\n' > pyproject.toml"""),
    ],
}  # fmt: skip

# They need an installed project and its database; `tests/e2e` types them.
TYPED_ELSEWHERE = ("uv run alembic",)
# Hints that cannot be typed in a test, each with the reason.
UNTYPED = {
    "migrating/mistakes:exchanged": "it takes a file of resources: tests/cli/test_apply.py",
    "changes/apply:_step": "it takes a file that changes between two moments of a run",
    "changes/journal:foreign": "it takes a journal: tests/changes/test_recovery.py",
    "changes/lock:_lock": "it takes ten seconds of waiting: tests/changes/test_lock.py",
    "changes/preflight:_content_problems": "it takes a file that changes within a run",
    "changes/preflight:_file_problems: AGAIN": "it takes a file that goes within a run",
    "changes/preflight:_mode_problems: f'chmod u+r {path}'": "root may read everything",
    "commands/check/wired:differences: manual.snippet": (
        "it is lines to paste, where it is not clear"
    ),
    "placement/site:_existing_ancestor: elsewhere.instead(target)": "there is always a root",
    "changes/preflight:_folder_problems": "it takes a folder that even root may not write to",
    "changes/preflight:_problems": "it takes a file that comes within a run",
    "changes/journal:_made": "it takes a folder that even root may not write to",
    "changes/journal:_contents": "it takes another user",
    "changes/recovery:_possible": "it takes a journal: tests/cli/test_interrupted.py",
    "commands/check/compare:differences: recovery.UNDO": (
        "it takes a journal: tests/cli/test_interrupted.py"
    ),
    "system/owners:refuse_others": "it takes another user: tests/cli/test_strangers.py",
    "placement/entries:_write": "it takes a folder that even root may not write to",
    "slices/clashes:_misnamed: better": "it takes a resource that is refused now",
    "cli/add/questions:_possible": "it asks at a terminal: tests/e2e/test_add_terminal.py",
    "template/answers:_misfit": "no question depends on another now",
    "template/answers:_number": "no question asks for a number now",
    "placement/entries:move_in": "it takes a folder that fills up within a run",
    "placement/move:taken": "it takes a folder that fills up within a run",
    "changes/apply:_readable": "it takes a full disk, or the rights of another user",
    "commands/new/create:_readable": (
        "it takes a full disk, or a folder that even root may not write to"
    ),
    "rendering/formatting:formatted": "it takes a temporary folder that cannot be written to",
    "project/project:refuse_newer": "it installs a newer fastgen",
    "project/recorded:refuse_other_format": "it installs a newer fastgen",
    "project/template_version:difference: way_to(version, template_root())": (
        "it installs another fastgen: tests/project/test_template_version.py"
    ),
}
