"""The command that says who may sign in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from chat.commands.output import fail

_USERS = """Say who may sign in to report-chat serve --auth-file FILE.

Passwords are kept as scrypt hashes. A password is asked for, or read from standard input where that is no terminal:

  report-chat user add ann --auth-file users
  report-chat user add bob --role reader --auth-file users < password
  report-chat user list --auth-file users
  report-chat user remove bob --auth-file users
"""


def add_user(commands: Any) -> None:  # noqa: ANN401  argparse names no type for it
    """Add the command to the others."""
    user = commands.add_parser(
        "user", help="Say who may sign in.", description=_USERS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    user.add_argument("act", choices=("add", "remove", "list"))
    user.add_argument("name", nargs="?", metavar="NAME")
    user.add_argument(
        "--auth-file", type=Path, required=True, metavar="FILE", help="the file of users; made where there is none"
    )
    user.add_argument(
        "--role", choices=("editor", "reader"), default="editor", help="readers may ask, but not add or remove"
    )
    user.set_defaults(run=_user, library=None, embedding_model=None)


def _user(chosen: argparse.Namespace) -> int:
    from chat.users import BadUsers, read_users, remove_user, write_user

    try:
        if chosen.act == "list":
            for user in read_users(chosen.auth_file).values():
                print(f"{user.name}\t{user.role}\t{'hashed' if user.hashed else 'password in plain text: add it anew'}")
            return 0
        if not chosen.name:
            return fail(f"whom? report-chat user {chosen.act} NAME --auth-file {chosen.auth_file}")
        if chosen.act == "remove":
            if not remove_user(chosen.auth_file, chosen.name):
                return fail(f"nobody is called {chosen.name!r} in {chosen.auth_file}")
            print(f"removed {chosen.name}")
            return 0
        replaced = write_user(chosen.auth_file, chosen.name, _password(), chosen.role)
    except BadUsers as error:
        return fail(str(error))
    print(f"{'changed' if replaced else 'added'} {chosen.name} ({chosen.role})")
    return 0


def _password() -> str:
    """A password from the terminal, asked for twice; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    from chat.users import BadUsers

    password = getpass("password: ")
    if getpass("again: ") != password:
        raise BadUsers("the two are not the same; nothing was changed.")
    return password
