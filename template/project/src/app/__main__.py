"""Commands for operators: `python -m app create-admin alice@example.com`."""

import argparse
import asyncio
import getpass
import sys

from pydantic import ValidationError as InvalidInput
from sqlalchemy.exc import DBAPIError

from app.config import Settings, get_settings
from app.core.exceptions import AppException
from app.migrate import DatabaseUnreachableError, SchemaState, schema_state
from app.resources import open_resources
from app.schemas.user import UserCreate
from app.services.password_policy import PasswordPolicy
from app.services.user import UserService


async def create_admin(settings: Settings, data: UserCreate) -> None:
    """Make an account with all rights; raises AppException when the address is taken."""
    async with open_resources(settings) as resources, resources.database.transaction() as session:
        if await schema_state(session) is SchemaState.BEHIND:
            sys.exit("The database is not migrated: alembic upgrade head")
        policy = PasswordPolicy(resources.http, settings.pwned_passwords_url)
        await UserService(session, resources.passwords, policy).register(data, is_admin=True)


def read_password() -> str:
    """Ask twice on a terminal; take a line of standard input otherwise."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        sys.exit("The passwords differ.")
    return password


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(required=True)
    create = commands.add_parser("create-admin", help="make an account with all rights")
    create.add_argument("email")
    options = parser.parse_args(arguments)
    try:
        settings = get_settings()
        data = UserCreate.model_validate({"email": options.email, "password": read_password()})
        asyncio.run(create_admin(settings, data))
    except InvalidInput as error:
        sys.exit("\n".join(": ".join([*map(str, e["loc"]), e["msg"]]) for e in error.errors()))
    except AppException as error:
        sys.exit(error.detail)
    except (OSError, DBAPIError) as error:
        sys.exit(str(DatabaseUnreachableError(error)))
    except (EOFError, KeyboardInterrupt):
        sys.exit("\nNothing was done.")
    print(f"{data.email} is an administrator now.")


if __name__ == "__main__":
    main()
