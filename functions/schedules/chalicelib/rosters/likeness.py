"""What of a person decides what they may take alone: those who are alike are judged once, however many there are."""

from datetime import UTC, datetime

from msgspec import json

from toolcrib.domain.ids import last_seen, loan_of
from toolcrib.domain.people import Badge, Holding, Person
from toolcrib.domain.record import replace

ANYBODY = "anybody"
BADGE = Badge(id=ANYBODY, person=ANYBODY)
"""Any badge that is active: which one it is decides nothing."""
EVER = datetime.min.replace(tzinfo=UTC)


def alike(person: Person) -> Person:
    """Return as much of a person as decides what they may take alone.

    Requests that others agreed to, overrides and PINs count for one take, or have to be shown: they are left out. Of
    what they have it matters what kind of thing it is, where it is from, and whether it blocks.
    """
    held = sorted((_matters(key, each) for key, each in person.holdings.items()), key=json.encode)
    return Person(
        id=ANYBODY,
        name="",
        groups=person.groups,
        active=person.active,
        valid_from=person.valid_from,
        valid_until=person.valid_until,
        certifications=person.certifications,
        holdings={f"{'loan-' if loan else last_seen('')}{number}": each for number, (loan, each) in enumerate(held)},
        last_take=person.last_take,
        shifts=person.shifts,
        acceptances=person.acceptances,
        blocks=person.blocks,
        late_returns=person.late_returns,
    )


def blocked_alike(like: Person) -> Person:
    """Return somebody like this who has nothing but what blocks them."""
    held = {key: each for key, each in like.holdings.items() if each.blocks_from or each.lost_since}
    return replace(like, holdings=held)


def fingerprint(like: Person) -> bytes:
    """Return what is the same for people who are alike."""
    return json.encode(like)


def _matters(key: str, held: Holding) -> tuple[bool, Holding]:
    bare = replace(held, asset="", name="", tag=None, since=EVER, until=EVER, renew_from=None, kit=None)
    return loan_of(key) is not None, replace(bare, door=0, evidence=None, countersign=())
