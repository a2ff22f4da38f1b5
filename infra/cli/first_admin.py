"""The first person who may sign in: invited by mail, an administrator from then on."""

from collections.abc import Mapping
from typing import Any

from infra.cli.target import Target
from toolcrib.domain.principals import Principal, Role
from toolcrib.store import keys
from toolcrib.store.items import PrincipalItem, PrincipalOfItem


def invite(target: Target, outputs: Mapping[str, str], org: str, email: str) -> bool:
    """Invite an administrator unless they are known; return whether an invitation went out.

    The invitation holds a password for one use; at the first sign-in Cognito asks for a new one and a TOTP device.
    """
    cognito, pool = target.client("cognito-idp"), outputs["UserPool"]
    try:
        user = cognito.admin_get_user(UserPoolId=pool, Username=email)
        attributes, invited = user["UserAttributes"], False
    except cognito.exceptions.UserNotFoundException:
        known = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        made = cognito.admin_create_user(
            UserPoolId=pool, Username=email, UserAttributes=known, DesiredDeliveryMediums=["EMAIL"]
        )
        attributes, invited = made["User"]["Attributes"], True
    subject = next(entry["Value"] for entry in attributes if entry["Name"] == "sub")
    enter(target, outputs["StateTable"], Principal(subject=subject, org=org, role=Role.ADMIN))
    return invited


def enter(target: Target, table: str, principal: Principal) -> None:
    """Write down who a subject is, which the API reads on every request; an earlier entry is replaced.

    Beside it stands as whom that person signs in: what they press in Slack is judged by the same entry.
    """
    item: Any = PrincipalItem(
        *keys.principal(principal.subject),
        org=principal.org,
        role=str(principal.role),
        person=principal.person,
        sites=list(principal.sites),
    )
    target.client("dynamodb").put_item(TableName=table, Item=item.serialize())
    if principal.person is not None:
        key = keys.principal_of(principal.org, principal.person)
        known: Any = PrincipalOfItem(*key, subject=principal.subject)
        target.client("dynamodb").put_item(TableName=table, Item=known.serialize())
