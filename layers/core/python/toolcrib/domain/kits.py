"""Kits: things that are lent together out of one door, and may come back one by one."""

from collections.abc import Iterable

from toolcrib.domain.record import Record

LEAST, MOST = 2, 6  # parts of one kit: each is a loan, an event and a state in the transaction that lends it


class Kit(Record, frozen=True, kw_only=True):
    """Things (`parts`: assets) that are lent together; an asset is in one kit at most.

    One that is not `active` is no kit any more: its parts are lent one by one.
    """

    id: str
    name: str
    parts: tuple[str, ...] = ()
    active: bool = True
    revision: int = 1


def kit_of(kits: Iterable[Kit], asset: str) -> Kit | None:
    """Return the kit in use that an asset is a part of; None where it is lent by itself."""
    return next((kit for kit in kits if kit.active and asset in kit.parts), None)
