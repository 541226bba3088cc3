"""Commands for operators: `python -m app create-admin alice@example.com`."""

import argparse
import asyncio
import getpass
import sys

from pydantic import ValidationError as InvalidInput

from app.config import Settings, get_settings
from app.core.exceptions import AppException
from app.resources import open_resources
from app.schemas.user import UserCreate
from app.services.password_policy import PasswordPolicy
from app.services.user import UserService


async def create_admin(settings: Settings, email: str, password: str) -> str:
    """Make an account with all rights; raises AppException or pydantic's ValidationError."""
    data = UserCreate(email=email, password=password)
    async with open_resources(settings) as resources, resources.database.transaction() as session:
        url = settings.pwned_passwords_url
        policy = PasswordPolicy(resources.http, str(url) if url else None)
        users = UserService(session, resources.passwords, policy)
        admin = await users.register(data, is_admin=True)
        return admin.email


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
        email = asyncio.run(create_admin(get_settings(), options.email, read_password()))
    except InvalidInput as error:
        sys.exit("\n".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors()))
    except AppException as error:
        sys.exit(error.detail)
    print(f"{email} is an administrator now.")


if __name__ == "__main__":
    main()
