import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app import main
from app.config import PasswordHashing, Settings, get_settings, is_guessable
from conftest import make_settings
from databases import UNREACHABLE_URL

DRIVER = UNREACHABLE_URL.partition(":")[0]
SECRET = secrets.token_urlsafe(32)


def production(url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "environment": "production",
        "debug": False,
        "secret_key": SECRET,
        "password_hashing": PasswordHashing(),
    }
    return make_settings(url, **values | changes)


def test_production_starts_when_it_is_safe(migrated_url: str) -> None:
    assert production(migrated_url).environment == "production"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"debug": True}, "DEBUG"),
        ({"secret_key": "ChangeMe-" * 8}, "SECRET_KEY"),
        ({"secret_key": "x" * 64}, "SECRET_KEY"),
        ({"secret_key": "a sentence, which is not random at all"}, "SECRET_KEY"),
        ({"secret_key": "words-of-which-none-is-on-the-list"}, "SECRET_KEY"),
        ({"algorithm": "HS512"}, "SECRET_KEY"),
        ({"cors_origins": "*"}, "CORS_ORIGINS"),
        ({"forwarded_allow_ips": "10.0.0.1, *"}, "FORWARDED_ALLOW_IPS"),
        ({"forwarded_allow_ips": "::/1, 8000::/1"}, "FORWARDED_ALLOW_IPS"),
        ({"migrate_on_start": True}, "MIGRATE_ON_START"),
        ({"password_hashing": {"memory_kib": 1024}}, "PASSWORD_HASHING"),
        ({"password_hashing": {"iterations": 1}}, "PASSWORD_HASHING"),
    ],
)
def test_production_refuses_to_start_unsafe(
    migrated_url: str, change: dict[str, Any], name: str
) -> None:
    with pytest.raises(ValidationError, match=f"unsafe in production: {name}") as refusal:
        production(migrated_url, **change)

    assert SECRET not in str(refusal.value)
    make_settings(migrated_url, **change | {"environment": "development"})


@pytest.mark.parametrize("debug", [False, True])
def test_documentation_is_published_with_debug_or_by_itself(
    migrated_url: str, debug: bool
) -> None:
    assert make_settings(migrated_url, debug=debug).publish_docs is debug
    assert production(migrated_url, publish_docs=True).publish_docs
    assert not make_settings(migrated_url, debug=debug, publish_docs=False).publish_docs


@pytest.mark.parametrize(
    ("given", "prefix"), [("", ""), ("/", ""), ("/shop", "/shop"), ("/a/b-1/", "/a/b-1")]
)
def test_a_prefix_has_one_form(migrated_url: str, given: str, prefix: str) -> None:
    assert make_settings(migrated_url, root_path=given).root_path == prefix


@pytest.mark.parametrize("proxies", ["", "127.0.0.1,::1", "10.0.0.0/8, fd00::/16"])
def test_production_trusts_the_proxies_that_are_named(migrated_url: str, proxies: str) -> None:
    assert production(migrated_url, forwarded_allow_ips=proxies).forwarded_allow_ips == proxies


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_random_keys_are_not_guessable(make: Callable[[int], str]) -> None:
    assert not any(is_guessable(make(32)) for _ in range(100))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"secret_key": "too short"}, "secret_key"),
        ({"algorithm": "none"}, "algorithm"),
        ({"environment": "staging"}, "environment"),
        ({"database_url": "mysql://localhost/app"}, "database_url"),
        ({"database_url": f"{DRIVER}://app:pa@ss:hunter2@db.example.com/app"}, "database_url"),
        ({"access_token_expire_minutes": 31}, "access_token_expire_minutes"),
        ({"cors_origins": "null"}, "cors_origins"),
        ({"cors_origins": "https://app.example.com/path"}, "cors_origins"),
        ({"cors_allow_headers": "*"}, "cors_allow_headers"),
        ({"root_path": "shop"}, "root_path"),
        ({"redis_url": "redis://:hunter2/x@localhost"}, "redis_url"),
        ({"redis_url": "redis://localhost?db=hunter2"}, "redis_url"),
        ({"request_timeout_seconds": float("inf")}, "request_timeout_seconds"),
    ],
)
def test_refuses_values_that_cannot_work(
    migrated_url: str, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError, match=field) as refusal:
        make_settings(**{"database_url": migrated_url} | change)
    assert "hunter2" not in str(refusal.value)


def test_reads_the_environment(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": migrated_url,
        "SECRET_KEY": SECRET,
        "CORS_ORIGINS": "https://A.example/, https://b.example",
        "CORS_ALLOW_HEADERS": "traceparent, Idempotency-Key",
        "FEATURES__REGISTRATION": "false",
        "REDIS_URL": "",
        "environment": "development",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)

    assert settings.cors_origins == ["https://a.example", "https://b.example"]
    assert settings.cors_allow_headers == ["traceparent", "Idempotency-Key"]
    assert not settings.features.registration
    assert settings.redis_url is None
    assert settings.migrate_on_start


def test_secrets_are_not_shown(migrated_url: str) -> None:
    settings = make_settings(migrated_url, redis_url="redis://:hunter2@localhost")

    assert settings.secret_key.get_secret_value() not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert settings.database_url not in repr(settings)


def test_the_app_for_servers_is_made_on_demand(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("APP_NAME", "named by the environment")
    monkeypatch.setattr(main, "configure_logging", lambda _settings: None)
    try:
        assert main.app.title == "named by the environment"
        assert main.app is main.get_app()
    finally:
        main.get_app.cache_clear()
        get_settings.cache_clear()
    assert "app" in dir(main)
    with pytest.raises(AttributeError, match="no attribute 'application'"):
        main.application  # noqa: B018


def test_wrong_settings_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSWORD_HASHING__ITERATIONS", "0")
    with pytest.raises(SystemExit) as refusal:
        main.get_app()

    sentence = str(refusal.value)
    assert f"there is no {tmp_path}/.env" in sentence
    assert "SECRET_KEY: Field required" in sentence
    assert "PASSWORD_HASHING__ITERATIONS: Input should be greater" in sentence
    assert "\n" not in sentence
