"""One message instead of a flood: what one person would get in one channel at once goes into one (rules.md, *Late*).

What one run of the sweeper finds is gathered: its notices are held while it lasts, and then let go alone, or put into a
digest, which is a notice of its own with `parts`. So the first word is not delayed by a gathering time, and what falls
due in one night is one message. A part is over when its digest is; should anything break off between the two, the
agenda brings the part back, and its digest tells what became of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.ids import derived
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.policies import To
from toolcrib.domain.record import Record, replace
from toolcrib.domain.reminders import OUTBOX_PATIENCE

DIGEST: Final = "digest"  # the `step` of one
MOST_PARTS: Final = 1_000  # of one digest: 26 KB of ids, and within a sender's time
LOOK_AGAIN: Final = timedelta(minutes=5)  # at a part, after its digest


class Digest(Record, frozen=True, kw_only=True):
    """A digest to be written after its parts, which name it."""

    notice: Notice
    parts: tuple[Notice, ...]


def gathers(notice: Notice) -> bool:
    """Whether a notice may go together with others: not urgent, not asked by somebody right now, no digest itself."""
    asked = notice.authorisation is not None or (notice.loan is not None and notice.due_version is None)
    return notice.state is NoticeState.PENDING and not (notice.urgent or asked or notice.parts or notice.period)


def held(notice: Notice, now: datetime) -> Notice:
    """Return a new notice as it waits for the end of the run that made it."""
    return replace(notice, hold_until=now) if gathers(notice) else notice


def trays(notices: Iterable[Notice]) -> tuple[tuple[Notice, ...], ...]:
    """Return what may go together, each tray one recipient's in one channel; what is named twice counts once."""
    found: defaultdict[tuple[bool, str, str], dict[str, Notice]] = defaultdict(dict)
    for each in notices:
        found[each.to is To.CHANNEL, each.recipient, each.via][each.id] = each
    return tuple(tuple(tray.values()) for tray in found.values())


def gathered(tray: Iterable[Notice], now: datetime) -> Notice | Digest:
    """Return what goes out of a tray: its one notice, a digest of all, or one that waited already, with the others."""
    ordered = sorted(tray, key=lambda each: (each.due_at, each.id))
    waited = next((each for each in ordered if each.parts), None)
    alone = [each for each in ordered if not each.parts]
    if waited is not None:
        return _along(waited, alone, now) if alone else waited
    return alone[0] if len(alone) == 1 else _digest(alone, now)


def settled(part: Notice, digest: Notice | None, now: datetime) -> Notice | None:
    """Return what became of a part that the agenda brought back; None where it has to be gathered anew."""
    if digest is None or digest.state is NoticeState.CANCELLED or part.id not in digest.parts:
        return None
    if digest.state in UNDELIVERED:
        return replace(part, wake_at=max(digest.wake_at or now, now) + LOOK_AGAIN, version=part.version + 1)
    return over(part, digest)


def over(part: Notice, digest: Notice) -> Notice:
    """Return a part as it ends with its digest."""
    return replace(
        part,
        state=digest.state,
        sent_at=digest.sent_at,
        reached=digest.reached,
        last_error=digest.last_error,
        wake_at=None,
        outdated_at=None,
        version=part.version + 1,
    )


def put_off(notice: Notice, until: datetime) -> Notice:
    """Return a notice that waits for a cooldown to be over; nobody holds it, and nothing was tried."""
    return replace(notice, hold_until=None, digest=None, wake_at=until, version=notice.version + 1)


def released(part: Notice, now: datetime) -> Notice:
    """Return a part that its digest could not tell of: it is looked at by itself."""
    return replace(part, digest=None, wake_at=now, version=part.version + 1)


def _along(waited: Notice, alone: Sequence[Notice], now: datetime) -> Digest:
    """Return a digest that waited, with as many more parts as it takes."""
    more = alone[: MOST_PARTS - len(waited.parts)]
    named = (*waited.parts, *(part.id for part in more))
    late = waited.late or any(part.late for part in more)
    whole = replace(waited, parts=named, late=late, version=waited.version + 1)
    return Digest(notice=whole, parts=_marked(more, waited.id, now))


def _digest(all_: Sequence[Notice], now: datetime) -> Digest:
    """Return a new digest, which was tried as often, and for as long, as any of its parts."""
    parts = all_[:MOST_PARTS]
    first, roles, sites = parts[0], {each.to for each in parts}, {each.site for each in parts}
    name = derived(DIGEST, first.recipient, str(first.via), now.isoformat(), first.id)
    notice = Notice(
        id=name,
        site=first.site if len(sites) == 1 else None,
        step=DIGEST,
        to=first.to if len(roles) == 1 else To.HOLDER,
        recipient=first.recipient,
        via=first.via,
        late=any(each.late for each in parts),
        due_at=first.due_at,
        attempts=max(each.attempts for each in parts),
        first_tried_at=min((each.first_tried_at for each in parts if each.first_tried_at is not None), default=None),
        wake_at=now + OUTBOX_PATIENCE,
        parts=tuple(each.id for each in parts),
    )
    return Digest(notice=notice, parts=_marked(parts, name, now))


def _marked(parts: Iterable[Notice], digest: str, now: datetime) -> tuple[Notice, ...]:
    """Return parts as they name their digest."""
    return tuple(
        replace(each, digest=digest, hold_until=None, wake_at=now + LOOK_AGAIN, version=each.version + 1)
        for each in parts
    )
