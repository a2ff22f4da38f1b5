"""Kits: things that are lent together out of one door, and may come back one by one."""

from collections.abc import Iterable

from toolcrib.domain.record import Record

LEAST, MOST = 2, 5  # parts of one kit: each is up to four items of a transaction, and one has at most 25


class Kit(Record, frozen=True, kw_only=True):
    """Things (`parts`: assets) that are lent together; an asset is in one kit at most.

    One that is not `active` is no kit any more: its parts are lent one by one.
    """

    id: str
    name: str
    parts: tuple[str, ...] = ()
    active: bool = True
    revision: int = 1


class Part(Record, frozen=True, kw_only=True):
    """One thing that a grant is about, and the loan that the grant began or means to close."""

    asset: str
    loan: str | None = None


class InKit(Record, frozen=True, kw_only=True):
    """That a loan is one of several: `id` is the kit's, `grant` the one that began them all, `parts` all of them."""

    id: str
    grant: str
    parts: tuple[Part, ...] = ()


def kit_of(kits: Iterable[Kit], asset: str) -> Kit | None:
    """Return the kit in use that an asset is a part of; None where it is lent by itself."""
    return next((kit for kit in kits if kit.active and asset in kit.parts), None)
