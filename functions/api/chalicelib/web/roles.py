"""Who may ask what: one row per route, in a table beside the routes; a route without a row cannot be registered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from toolcrib.domain.principals import Role, Sight


class Scope(StrEnum):
    """What a token must carry, checked by the gateway and here."""

    READ = "toolcrib/read"
    WRITE = "toolcrib/write"
    ADMIN = "toolcrib/admin"


Sights = Mapping[Role, Sight]


@dataclass(frozen=True)
class Row:
    """One route's row: the scope it needs, and each role that may ask with how much it sees. No role, no answer."""

    scope: Scope | None
    roles: Sights = field(default_factory=dict)


PUBLIC: Final = Row(None)
"""No sign-in: `/health`, `/openapi.json`, `/docs`."""

SIGNED: Final = Row(None)
"""No sign-in either, but every request is signed by who sends it: Slack."""

ADMINS: Final[Sights] = {Role.ADMIN: Sight.ORG}
MACHINES: Final[Sights] = {**ADMINS, Role.MACHINE: Sight.ORG}
KEEPERS: Final[Sights] = {**ADMINS, Role.SUPERVISOR: Sight.SITES}
READERS: Final[Sights] = {**MACHINES, Role.AUDITOR: Sight.ORG, Role.SUPERVISOR: Sight.SITES}
EVERYBODY: Final[Sights] = {**READERS, Role.SELF: Sight.OWN}
OWNERS: Final[Sights] = {**MACHINES, Role.SUPERVISOR: Sight.SITES, Role.SELF: Sight.OWN}
"""Whoever may act on what is a person's own: they themselves, and those who look after them."""
RULE_READERS: Final[Sights] = {**READERS, Role.SUPERVISOR: Sight.ORG}

SCOPES: Final[Mapping[Role, tuple[Scope, ...]]] = {
    Role.ADMIN: (Scope.READ, Scope.WRITE, Scope.ADMIN),
    Role.SUPERVISOR: (Scope.READ, Scope.WRITE),
    Role.AUDITOR: (Scope.READ,),
    Role.SELF: (Scope.READ, Scope.WRITE),
    Role.MACHINE: (),
}
"""What `pre_token` puts into a person's token; a machine's scopes are its client's."""
