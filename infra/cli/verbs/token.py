"""`toolcrib token`."""

from enum import StrEnum
from typing import Annotated

import typer

from infra.local.home import home
from infra.local.running import running


class Role(StrEnum):
    """Whose token it is."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SELF = "self"


def token(role: Annotated[Role, typer.Option(help="Whose: each is a user of the local stack.")] = Role.ADMIN) -> None:
    """Print a bearer token of a user of the local stack, good for an hour."""
    print(running(home()).token(role))  # noqa: T201 - for scripts: nothing but the token
