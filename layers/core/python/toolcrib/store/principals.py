"""Principals, read on every request so that a change of role acts at once."""

from toolcrib.domain.principals import Principal, Role
from toolcrib.store import keys
from toolcrib.store.items import PrincipalItem
from toolcrib.store.reads import find


def find_principal(subject: str) -> Principal | None:
    """Return whom a token's subject or client id speaks for; None for a stranger and for a role that there is not."""
    item = find(PrincipalItem, keys.principal(subject))
    if item is None or item.role not in set(Role):
        return None
    return Principal(
        subject=subject, org=item.org, role=Role(item.role), person=item.person, sites=tuple(item.sites or ())
    )
