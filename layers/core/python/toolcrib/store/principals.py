"""Principals, read on every request so that a change of role acts at once."""

from toolcrib.domain.principals import Principal, Role
from toolcrib.store import keys
from toolcrib.store.items import PrincipalItem, PrincipalOfItem
from toolcrib.store.reads import find


def find_principal(subject: str) -> Principal | None:
    """Return whom a token's subject or client id speaks for; None for a stranger and for a role that there is not."""
    item = find(PrincipalItem, keys.principal(subject))
    if item is None or item.role not in set(Role):
        return None
    return Principal(
        subject=subject, org=item.org, role=Role(item.role), person=item.person, sites=tuple(item.sites or ())
    )


def find_principal_of(org: str, person_id: str) -> Principal | None:
    """Return what a person may do who signs in; None for somebody who never does, or as somebody else now."""
    item = find(PrincipalOfItem, keys.principal_of(org, person_id))
    principal = None if item is None else find_principal(item.subject)
    fits = principal is not None and (principal.org, principal.person) == (org, person_id)
    return principal if fits else None
