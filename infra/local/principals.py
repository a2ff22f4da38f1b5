"""Says who the stack's users are: the items that the API reads on every request."""

from collections.abc import Mapping
from typing import Any

from infra.cli.first_admin import enter
from infra.cli.target import Target
from toolcrib.domain.principals import Principal, Role

Persons = Mapping[str, tuple[str, tuple[str, ...]]]
"""Role → person id, and the sites of a supervisor."""

NOBODY_YET: Persons = {
    str(role): (str(role), ("hq",) if role is Role.SUPERVISOR else ()) for role in Role if role is not Role.MACHINE
}
"""Before there are people: users stand for persons named like their role, to be added or not."""


def enter_users(target: Target, outputs: Mapping[str, str], org: str, persons: Persons) -> None:
    """Write down who the users are that bear these roles as their names."""
    for role, (person, sites) in persons.items():
        user: dict[str, Any] = target.client("cognito-idp").admin_get_user(
            UserPoolId=outputs["UserPool"], Username=role
        )
        subject = next(entry["Value"] for entry in user["UserAttributes"] if entry["Name"] == "sub")
        known = Principal(subject=subject, org=org, role=Role(role), person=person, sites=sites)
        enter(target, outputs["StateTable"], known)
