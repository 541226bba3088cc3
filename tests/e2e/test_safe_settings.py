"""Production starts with safe settings only: each that is not is refused, by its name."""

import base64
import json
import re
import secrets
from itertools import chain
from pathlib import Path

import pytest

from generated.projects import Done, Project
from generated.server import migrated
from generated.service import GUNICORN, production

pytestmark = pytest.mark.slow

TIMED_OUT = 124
COMMANDS = {
    "gunicorn": GUNICORN,
    "fastapi": ("fastapi", "run", "--port", "0"),
    "alembic": ("alembic", "upgrade", "head"),
    "create-admin": ("python", "-m", "app", "create-admin", "ada@example.com"),
}
# Looks at many settings in one process, as the app does when it starts.
LOAD = """
import json, os, sys
from app.config import Settings
outcomes = {}
for name, changes in json.load(sys.stdin).items():
    os.environ.update(changes)
    try:
        Settings()
        outcomes[name] = ""
    except ValueError as error:
        outcomes[name] = str(error)
    for variable in changes:
        del os.environ[variable]
    os.environ.update(json.loads(os.environ["BASE"]))
print(json.dumps(outcomes))
"""
# A text in quotes, a hint or a value, on a line that speaks of a key.
KEY = re.compile(r"secret|\bkey\b", re.IGNORECASE)
TEXT = re.compile(r"""["']([^"']{32,})["']|:\?([^}]{32,})}|=([^\s()]{32,})$""")
SHORT = "tR4$b9!x"
UNSAFE: dict[str, dict[str, str]] = {
    "no secret": {"SECRET_KEY": ""},
    "a short secret": {"SECRET_KEY": SHORT},
    "a secret of blanks": {"SECRET_KEY": " " * 64},
    "a repetitive secret": {"SECRET_KEY": "abcab" * 10},
    "an example's secret": {"SECRET_KEY": "changeme-" * 8},
    "another example's": {"SECRET_KEY": "please-ChangeThis-before-you-deploy-42"},
    "a secret that says so": {"SECRET_KEY": "my-super-secret-key-for-production-2026"},
    "a password": {"SECRET_KEY": "Correct-Password-Horse-Battery-1234-xyz"},
    "a row of the keyboard": {"SECRET_KEY": "qwertyuiopasdfghjklzxcvbnm0123456789"},
    "the alphabet": {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"},
    "a placeholder": {"SECRET_KEY": "replace-me-with-a-long-random-string"},
    "a loud placeholder": {"SECRET_KEY": "NOT_A_REAL_KEY_DO_NOT_USE_IN_PRODUCTION"},
    "words": {"SECRET_KEY": "something-that-nobody-has-thought-of"},
    "a sentence": {"SECRET_KEY": "TODO: make a real one before launch, by 2027"},
    "the tutorial's secret": {
        "SECRET_KEY": "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"
    },
    "a secret too short for the algorithm": {
        "ALGORITHM": "HS512",
        "SECRET_KEY": "Zr4-kP_9wQx2LmVb7TnYc1HdJ8sGf5Ru-W3eXy0o",
    },
    "no signature": {"ALGORITHM": "none"},
    "an unknown algorithm": {"ALGORITHM": "RS256"},
    "debug": {"DEBUG": "true"},
    "an unknown environment": {"ENVIRONMENT": "prod"},
    "any origin": {"CORS_ORIGINS": "*"},
    "any origin among others": {"CORS_ORIGINS": "https://app.example.com,*"},
    "the origin null": {"CORS_ORIGINS": "null"},
    "a pattern of origins": {"CORS_ORIGINS": "https://*.example.com"},
    "an origin without a scheme": {"CORS_ORIGINS": "app.example.com"},
    "an origin with a path": {"CORS_ORIGINS": "https://app.example.com/api"},
    "any proxy": {"FORWARDED_ALLOW_IPS": "*"},
    "any proxy among others": {"FORWARDED_ALLOW_IPS": "10.0.0.1, *"},
    "all networks": {"FORWARDED_ALLOW_IPS": "0.0.0.0/0"},
    "all networks of IPv6": {"FORWARDED_ALLOW_IPS": "::/0"},
    "all networks, with two noughts": {"FORWARDED_ALLOW_IPS": "0.0.0.0/00"},
    "all networks, with a mask": {"FORWARDED_ALLOW_IPS": "0.0.0.0/0.0.0.0"},
    "all networks, in halves": {"FORWARDED_ALLOW_IPS": "0.0.0.0/1,128.0.0.0/1"},
    "all networks of IPv6, in halves": {"FORWARDED_ALLOW_IPS": "::/1,8000::/1"},
    "half of all networks": {"FORWARDED_ALLOW_IPS": "10.0.0.1/1"},
    "a proxy by its name": {"FORWARDED_ALLOW_IPS": "proxy.internal"},
    "replicas that migrate": {"MIGRATE_ON_START": "true"},
    "hashes of little memory": {"PASSWORD_HASHING__MEMORY_KIB": "1024"},
    "hashes of one iteration": {"PASSWORD_HASHING__ITERATIONS": "1"},
    "access for an hour": {"ACCESS_TOKEN_EXPIRE_MINUTES": "60"},
    "access for ever": {"ACCESS_TOKEN_EXPIRE_MINUTES": "0"},
    "sessions of a year": {"REFRESH_TOKEN_EXPIRE_DAYS": "365"},
    "another driver": {"DATABASE_URL": "mysql://a:b@127.0.0.1/c"},
    "a blocking driver": {"DATABASE_URL": "sqlite:///app.db"},
    "no database": {"DATABASE_URL": ""},
    "a log that says everything": {"LOG_LEVEL": "TRACE"},
    "a password with an at sign": {"DATABASE_URL": "{driver}://app:pa@ss:hunter2@db/app"},
    "a password without a host": {"DATABASE_URL": "{driver}://app:hunter2/db"},
    "endless bodies": {"MAX_BODY_BYTES": "-1"},
    "nearly endless bodies": {"MAX_BODY_BYTES": "1000000000000"},
    "endless requests": {"REQUEST_TIMEOUT_SECONDS": "inf"},
    "endless statements": {"DATABASE_TIMEOUT_SECONDS": "inf"},
    "endless calls": {"HTTP_TIMEOUT_SECONDS": "inf"},
    "mail without a server": {"MAIL_BACKEND": "smtp"},
    "mail to a blank server": {
        "MAIL_FROM": "a@example.com",
        "SMTP_HOST": " ",
        "MAIL_BACKEND": "smtp",
    },
    "mail without a sender": {"MAIL_BACKEND": "smtp", "SMTP_HOST": "mail.example.com"},
    "mail that stays here": {"MAIL_BACKEND": "console"},
    "mail that stays in files": {"MAIL_BACKEND": "file"},
    "a password that anybody reads": {"SMTP_SECURITY": "none", "SMTP_USER": "ada"},
    "a server that may hang": {"SMTP_TIMEOUT_SECONDS": "inf"},
    "a reset that anybody reads": {"PASSWORD_RESET_URL": "http://example.com/{token}"},
    "a verification that anybody reads": {"EMAIL_VERIFY_URL": "http://example.com/{token}"},
    "a link without its token": {"PASSWORD_RESET_URL": "https://example.com/reset"},
    "a link that runs a script": {"PASSWORD_RESET_URL": "javascript://%0aalert(1)//{token}"},
    "a link that runs one in capitals": {"EMAIL_VERIFY_URL": "JavaScript://%0aalert(1)//{token}"},
    "a link that runs an old script": {"EMAIL_VERIFY_URL": "vbscript://{token}"},
    "a link that is a page itself": {"PASSWORD_RESET_URL": "data://text/html,{token}"},
    "a link to a file": {"EMAIL_VERIFY_URL": "file:///tmp/{token}"},
    "a link after a blank": {"EMAIL_VERIFY_URL": " javascript://{token}"},
    "a link without its host": {"PASSWORD_RESET_URL": "javascript:'{token}'"},
    "addresses that nobody can verify": {"REQUIRE_VERIFIED_EMAIL": "true"},
    "a prefix that is no path": {"ROOT_PATH": "https://example.com/shop"},
    "no Redis": {"REDIS_URL": "http://127.0.0.1:6379"},
    "a Redis that is misspelled": {"REDIS_URL": "redis://:hunter2/x@127.0.0.1:6379"},
    "a Redis with a bracket": {"REDIS_URL": "redis://:[hunter2@127.0.0.1:6379"},
}
IN_MEMORY = (
    "sqlite+aiosqlite://",
    "sqlite+aiosqlite:///:memory:",
    "sqlite+aiosqlite:///file::memory:?cache=shared&uri=true",
    "sqlite+aiosqlite:///file:app?mode=memory&uri=true",
    "sqlite+aiosqlite:///file:app?mode=memory&mode=rwc&uri=true",
    "sqlite+aiosqlite:///file:/app?vfs=memdb&uri=true",
    "sqlite+aiosqlite:///file:?uri=true",
    "sqlite+aiosqlite:///file:app.db?nolock=1&uri=true",
)
SAFE: dict[str, dict[str, str]] = {
    "the defaults": {},
    "hexadecimal": {"SECRET_KEY": secrets.token_hex(32)},
    "base64": {"SECRET_KEY": base64.b64encode(secrets.token_bytes(48)).decode()},
    "base64 in lines": {"SECRET_KEY": base64.encodebytes(secrets.token_bytes(64)).decode()},
    "a longer algorithm": {"ALGORITHM": "HS512", "SECRET_KEY": secrets.token_urlsafe(64)},
    "origins": {"CORS_ORIGINS": "https://app.example.com, http://localhost:3000/, app://mobile"},
    "a proxy": {"FORWARDED_ALLOW_IPS": "10.0.0.1, 10.1.0.0/16"},
    "a private network": {"FORWARDED_ALLOW_IPS": "10.0.0.0/8,fd00::/16,::1"},
    "Redis": {"REDIS_URL": "rediss://:password@redis.example.com:6380/1"},
    "no Redis": {"REDIS_URL": ""},
    "debug logs": {"LOG_LEVEL": "DEBUG"},
    "published documentation": {"PUBLISH_DOCS": "true"},
    "a prefix": {"ROOT_PATH": "/shop/"},
    "pages of links": {
        "PASSWORD_RESET_URL": "https://app.example.com/reset?token={token}",
        "EMAIL_VERIFY_URL": "https://app.example.com/#/verify/{token}/now",
    },
    "links into an app": {
        "PASSWORD_RESET_URL": "myapp://reset?token={token}",
        "EMAIL_VERIFY_URL": "com.example.app://verify/{token}",
    },
    "no links": {"PASSWORD_RESET_URL": "", "EMAIL_VERIFY_URL": ""},
}


def load(project: Project, cases: dict[str, dict[str, str]], database_url: str) -> dict[str, str]:
    """Return what is said against settings, for each change of safe ones."""
    base = production(database_url, hashing={})
    env = base | {"BASE": json.dumps(base)}
    printed = project.uv_run("python", "-c", LOAD, env=env, given=json.dumps(cases))
    outcomes: dict[str, str] = json.loads(printed.must_succeed().splitlines()[-1])
    return outcomes


@pytest.fixture(scope="module")
def url(database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a URL that need not lead anywhere."""
    if database == "postgresql":
        return "postgresql+asyncpg://app:hTq7vP9wQx@127.0.0.1:5432/app"
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('unused')}/app.db"


@pytest.fixture(scope="module")
def said(project: Project, url: str) -> dict[str, str]:
    driver = url.partition(":")[0]
    cases = {
        case: {name: value.replace("{driver}", driver) for name, value in changes.items()}
        for case, changes in UNSAFE.items()
    }
    return load(project, cases, url)


@pytest.mark.parametrize("case", UNSAFE)
def test_each_unsafe_setting_is_refused_by_its_name(said: dict[str, str], case: str) -> None:
    complaint = said[case].lower()
    changes = UNSAFE[case]
    assert any(name.partition("__")[0].lower() in complaint for name in changes), complaint
    # No secret is repeated: whoever reads the log need not know it.
    assert not (key := changes.get("SECRET_KEY", "").strip()) or key.lower() not in complaint
    assert "hunter2" not in complaint


def test_safe_settings_are_not_refused(project: Project, url: str) -> None:
    assert {name: text for name, text in load(project, SAFE, url).items() if text} == {}


def test_no_key_is_safe_that_everybody_can_read(project: Project, url: str) -> None:
    files = project.run("git", "ls-files", ":!uv.lock").must_succeed().splitlines()
    lines = chain.from_iterable(
        (project.path / name).read_text("utf-8").splitlines() for name in files
    )
    found = {text for line in lines if KEY.search(line) for text in chain(*TEXT.findall(line))}
    published = {text: {"SECRET_KEY": text} for text in found if text}
    assert any("for tests" in key for key in published)
    taken = [key for key, text in load(project, published, url).items() if "SECRET_KEY" not in text]
    assert taken == []


def test_what_is_lost_with_the_process_is_refused(
    project: Project, database: str, url: str
) -> None:
    cases = {value: {"DATABASE_URL": value} for value in IN_MEMORY}
    if database == "postgresql":
        development = project.settings()["DATABASE_URL"]
        server = "127.0.0.1/app"
        urls = (
            development,
            f"postgresql+asyncpg://app:development%2Donly@{server}",
            f"postgresql+asyncpg://app@{server}?password=development-only",
            f"postgresql+asyncpg://app@{server}?password=other&password=development-only",
        )
        cases = {value: {"DATABASE_URL": value} for value in urls}
    for complaint in load(project, cases, url).values():
        assert "DATABASE_URL must" in complaint or "database_url" in complaint


def refusal(project: Project, *command: str, env: dict[str, str]) -> Done:
    # Were it to start after all, it would end soon.
    return project.run("timeout", "60", "uv", "run", *command, env=env | {"BIND": "[::1]:0"})


@pytest.mark.by_day("sqlite")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_nothing_starts_and_all_is_named_at_once(
    project: Project, url: str, command: tuple[str, ...]
) -> None:
    secret = "changeme-" * 8
    unsafe = {"DEBUG": "true", "CORS_ORIGINS": "*", "SECRET_KEY": secret}
    # With several processes, uvicorn would start them again and again.
    env = production(url) | unsafe | {"WEB_CONCURRENCY": "1"}
    done = refusal(project, *command, env=env)
    assert done.code not in {0, TIMED_OUT}, done.out
    assert [name for name in unsafe if name not in done.out] == []
    assert secret not in done.out


@pytest.mark.by_day("postgresql")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("tail", ["app:pa@ss:hunter2@127.0.0.1/app", "app:hunter2/app"])
def test_nothing_that_starts_prints_a_password(
    project: Project, url: str, command: tuple[str, ...], tail: str
) -> None:
    env = production(url) | {"DATABASE_URL": f"{url.partition(':')[0]}://{tail}"}
    done = refusal(project, *command, env=env | {"WEB_CONCURRENCY": "1"})
    assert done.code not in {0, TIMED_OUT}, done.out
    assert "DATABASE_URL" in done.out
    assert "hunter2" not in done.out


@pytest.mark.by_day("postgresql")
@pytest.mark.parametrize("name", ["SECRET_KEY", "FORWARDED_ALLOW_IPS", "DATABASE_URL"])
def test_gunicorn_ends_instead_of_trying_again(project: Project, url: str, name: str) -> None:
    unsafe = {"SECRET_KEY": SHORT, "FORWARDED_ALLOW_IPS": "*", "DATABASE_URL": "mysql://a@b/c"}
    done = refusal(project, *GUNICORN, env=production(url) | {name: unsafe[name]})
    assert done.code not in {0, TIMED_OUT}, done.out
    assert name.lower() in done.out.lower(), done.out


def test_there_must_be_a_process(project: Project, url: str) -> None:
    done = refusal(project, *GUNICORN, env=production(url) | {"WEB_CONCURRENCY": "0"})
    assert done.code not in {0, TIMED_OUT}, done.out
    assert "WEB_CONCURRENCY must be" in done.out
    assert "Traceback" not in done.out


def test_an_environment_without_a_name_is_production(
    project: Project, url: str, tmp_path: Path
) -> None:
    env = production(url) | {"CORS_ORIGINS": "*"}
    bare = tmp_path / "elsewhere"
    bare.mkdir()
    del env["ENVIRONMENT"]
    program = f"import os; os.chdir({str(bare)!r}); from app.config import Settings; Settings()"
    done = project.uv_run("python", "-c", program, env=env)
    assert done.code != 0
    assert "unsafe in production: CORS_ORIGINS" in done.out


@pytest.mark.by_day("postgresql")
@pytest.mark.parametrize(("processes", "warnings"), [("1", 0), ("2", 1)])
def test_processes_that_count_apart_say_so(
    project: Project, database_url: str, tmp_path: Path, processes: str, warnings: int
) -> None:
    env = production(database_url) | {"WEB_CONCURRENCY": processes}
    with migrated(project, tmp_path, *GUNICORN, env=env) as server:
        lines = [line for line in server.lines() if "REDIS_URL" in line["event"]]
    assert [line["level"] for line in lines] == ["warning"] * warnings
