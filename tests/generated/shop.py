"""A project with resources of all types and accesses, and people who use it."""

from typing import Any

from generated import variants
from generated.projects import Project, Workshop
from generated.server import Answer, Server
from generated.service import Account

RESOURCES = (
    "category name:str:50:unique parent:ref:category:optional",
    (
        "device name:str:100:min=1:unique:search:sort note:text:optional count:int:ge=0:filter "
        "big:bigint share:float price:decimal:18,8:filter active:bool:filter:default=true day:date "
        "at:datetime:sort opens:time key:uuid contact:email site:url paint:color:filter "
        "meta:json "
        "kind:enum:phone,laptop:filter:default=phone tags:list:str:unique "
        "category:ref:category:filter:ondelete=cascade secret:str:40:optional:writeonly "
        "state:str:20:readonly:default=new"
    ),
    (
        "sheet day:date:ge=2026-01-15:lt=2026-11-03:filter "
        "opens:time:gt=09:30:le=18:15:30.5:filter "
        "at:datetime:ge=2026-01-15T08:00:00Z:lt=2027-01-01T00:00:00Z:filter names:list:str "
        "counts:list:int bigs:list:bigint shares:list:float flags:list:bool days:list:date "
        "moments:list:datetime times:list:time keys:list:uuid contacts:list:email sites:list:url "
        "paints:list:color "
        "code:str:10:optional:pattern=^[A-Z]+$ memo:text:optional:pattern=^[^<>]*$"
    ),
    "review stars:int:ge=1:le=5:sort author:ref:user:ondelete=cascade --access public",
    "place name:str:100 --access shared",
    "notice text:str:200 --access admin",
)
EDITED = "src/app/schemas/device.py"
ADDED = "sku:str:32:optional"
API = "/api/v1"
VALUES: dict[str, Any] = {
    "name": "Größe 50 % _\\' \"",
    "note": "one\ntwo",
    "count": 2**31 - 1,
    "big": 2**53 + 1,
    "share": 0.1,
    "price": "1234567890.12345678",
    "active": False,
    "day": "0001-01-01",
    "at": "2026-03-29T01:30:00.123456Z",
    "opens": "09:30:00.000001",
    "key": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "contact": "ada@example.com",
    "site": "https://example.com/a?b=c%20d#e",
    "paint": "#1f6feb",
    "meta": {"a": [1, 2.5, True, None, "ß"]},
    "kind": "laptop",
    "tags": ["b", "a"],
    "sku": "A-1",
}
LIMITED: dict[str, Any] = {
    "day": "2026-11-02",
    "opens": "18:15:30.500000",
    "at": "2026-01-15T08:00:00Z",
}
LISTS: dict[str, list[Any]] = {
    "names": ["b", "a"],
    "counts": [-(2**31), 0],
    "bigs": [2**53 + 1],
    "shares": [0.1, 1e-18, 1e18],
    "flags": [True, False],
    "days": ["0001-01-01", "9999-12-31"],
    "moments": ["2026-03-29T01:30:00.123456Z"],
    "times": ["09:30:00", "23:59:59.999999"],
    "keys": ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    "contacts": ["ada@example.com"],
    "sites": ["https://example.com/a?b=c%20d#e"],
    "paints": ["#1f6feb", "#000000"],
}

# Every type of field, in a resource that everybody has.
EVERY_TYPE = (
    "thing name:str:50:min=1:search:sort note:text:optional count:int:ge=0:default=0 "
    "big:bigint:optional ratio:float:filter price:decimal:10,2:gt=0:filter:sort open:bool:filter "
    "day:date:optional:filter at:datetime:sort opens:time:optional key:uuid:unique "
    "email:email:unique site:url:optional paint:color:filter:default=#1f6feb "
    "config:json:optional kind:enum:a,b:filter:default=a "
    "tags:list:str:max=5:unique days:list:date author:ref:user:optional parent:ref:thing:optional"
)


class Person:
    """Somebody who is logged in."""

    def __init__(self, server: Server, account: Account | None = None) -> None:
        if account is None:
            account = Account(server)
            account.register()
        self.server = server
        self.email = account.email
        self.token = account.token()
        self.id: int = self.send("GET", "/users/me").json["id"]

    def send(self, method: str, path: str, data: object = None, **options: Any) -> Answer:
        """Send a request with this person's token."""
        return self.server.send(method, API + path, data, token=self.token, **options)

    def make(self, path: str, data: object) -> dict[str, Any]:
        """Make a row."""
        made = self.send("POST", path, data)
        assert made.status == 201, made.body
        row: dict[str, Any] = made.json
        assert made.headers["location"] == f"{API}{path}/{row['id']}"
        return row


def make_shop(workshop: Workshop, database: str) -> Project:
    """Return a project with the resources, one of them edited by hand before a field was added."""
    answers = variants.default() | {"database": database}
    project = workshop.project(f"resources-{database}", answers)
    with workshop.only_one_process(f"resources-{database}-added"):
        if not (project.path / "src/app/models/notice.py").exists():
            for line in RESOURCES:
                fastgen(project, "add", "resource", *line.split())
            file = project.path / EDITED
            source = file.read_text("utf-8")
            file.write_text(
                source.replace("min_length=1, max_length=100", "min_length=2, max_length=100"),
                "utf-8",
            )
            fastgen(project, "add", "field", "device", ADDED)
    return project


def device(person: Person, **changes: Any) -> dict[str, Any]:
    """Make a device in a category of the person's own."""
    category = person.make("/categories", {"name": f"of {person.email}"})
    return person.make("/devices", VALUES | {"category_id": category["id"]} | changes)


def fastgen(project: Project, *arguments: str) -> None:
    """Run the command in the project, as its user."""
    done = project.user.run(*arguments, cwd=project.path)
    assert done.code == 0, done.err
