"""Commands for operators: `python -m app create-admin alice@example.com`."""

import argparse
import asyncio
import getpass
import json
import secrets
import sys

from pydantic import SecretStr
from pydantic import ValidationError as InvalidInput
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app.api.contract import behind_prefix
from app.api.passwords import hash_new_password
from app.config import Settings, get_settings
from app.core.exceptions import AppException
from app.database_url import DRIVER
from app.main import create_app
from app.migrate import is_schema_behind, unreachable
from app.models import User
from app.resources import open_resources
from app.schemas.error import FieldError
from app.schemas.user import UserBase, UserCreate
from app.services.auth import AuthService
from app.services.user import UserService


def read_password() -> str:
    """Ask twice on a terminal; otherwise read a line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        sys.exit("The passwords differ.")
    return password


def confirmed(question: str) -> bool:
    return input(f"{question} [y/N] ").lower() == "y"


async def make_admin(settings: Settings, email: str) -> None:
    """Make an account with all rights, or promote the one that has the address."""
    email = UserBase.model_validate({"email": email}).email
    async with open_resources(settings) as resources:
        database = resources.database
        async with database.transaction(read_only=True) as session:
            if await is_schema_behind(session):
                sys.exit("The database is not migrated: alembic upgrade head")
            user = await AuthService(session).find_user(email)
        if user is None:
            data = UserCreate.model_validate({"email": email, "password": read_password()})
            hashed = await hash_new_password(resources, data.password, email)
            async with database.transaction() as session:
                await UserService(session).register(data, hashed, is_admin=True)
        elif confirmed(f"{email} has an account. Make it an administrator?"):
            async with database.transaction() as session:
                await session.execute(update(User).where(User.id == user.id).values(is_admin=True))
        else:
            sys.exit("Nothing was done.")
    print(f"{email} is an administrator now.")


def write_document() -> None:
    """Write the OpenAPI document, which needs neither a database nor a secret."""
    settings = Settings(
        environment="development",
        secret_key=SecretStr(secrets.token_urlsafe(48)),
        database_url=f"{DRIVER}://",
    )
    document = behind_prefix(create_app(settings).openapi(), settings.root_path)
    print(json.dumps(document, indent=2))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create-admin", help="make an account with all rights")
    create.add_argument("email")
    commands.add_parser("openapi", help="write the OpenAPI document to standard output")
    options = parser.parse_args(arguments)
    try:
        if options.command == "create-admin":
            asyncio.run(make_admin(get_settings(), options.email))
        else:
            write_document()
    except InvalidInput as error:
        errors = map(FieldError.from_pydantic, error.errors())
        sys.exit("\n".join(": ".join([*map(str, one.loc), one.msg]) for one in errors))
    except AppException as error:
        sys.exit(error.detail)
    except (OSError, DBAPIError) as error:
        sys.exit(str(unreachable(error)))
    except (EOFError, KeyboardInterrupt):
        sys.exit("\nNothing was done.")


if __name__ == "__main__":
    main()
