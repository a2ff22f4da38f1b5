"""Requests to others to agree to a take."""

from typing import Any

from pynamodb.transactions import TransactWrite

from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.change import Change
from toolcrib.store import keys
from toolcrib.store.items import AuthorisationItem
from toolcrib.store.mapping import authorisation_item, to_authorisation
from toolcrib.store.reads import find, load


def load_authorisation(org: str, request: str) -> Authorisation:
    """Return a request; raises `NotFound`."""
    return to_authorisation(load(AuthorisationItem, keys.authorisation(org, request), "authorisation"))


def find_authorisation(org: str, request: str) -> Authorisation | None:
    """Return a request, or None."""
    item = find(AuthorisationItem, keys.authorisation(org, request))
    return None if item is None else to_authorisation(item)


def write(write: TransactWrite, org: str, change: Change) -> None:
    """Add what a change says of requests to its transaction; what a take uses up is judged by its profile."""
    version = AuthorisationItem.version
    for request in change.authorisations:
        new = request.version == 1
        before = AuthorisationItem.pk.does_not_exist() if new else version == request.version - 1
        write.save(authorisation_item(org, request), condition=before)
    for key in change.used:
        actions: list[Any] = [
            AuthorisationItem.state.set(str(AuthorisationState.USED)),
            version.set(version + 1),
            AuthorisationItem.agenda_pk.remove(),
            AuthorisationItem.agenda_at.remove(),
        ]
        item = AuthorisationItem(*keys.authorisation(org, key))
        write.update(item, actions=actions, condition=AuthorisationItem.pk.exists())
