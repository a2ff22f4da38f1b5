"""One message instead of a flood: what one person would get in one channel at once goes into one (rules.md, *Late*).

What one run of the sweeper finds is gathered: its notices are held while it lasts, and then let go alone, or put into a
digest, which is a notice of its own with `parts`. So the first word is not delayed by a gathering time, and what falls
due in one night is one message. A part is over when its digest is; should anything break off between the two, the
agenda brings the part back, and its digest tells what became of it.
"""

from collections import defaultdict
from collections.abc import Iterable
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
    """Whether a notice may go together with others: not urgent, and not what one person asks of another right now."""
    asked = notice.loan is not None and notice.due_version is None
    return notice.state is NoticeState.PENDING and not (notice.urgent or asked or notice.parts)


def held(notice: Notice, now: datetime) -> Notice:
    """Return a new notice as it waits for the end of the run that made it."""
    return replace(notice, hold_until=now) if gathers(notice) else notice


def gathered(notices: Iterable[Notice], now: datetime) -> tuple[tuple[Notice, ...], tuple[Digest, ...]]:
    """Return what goes alone, and the digests of the rest; a notice that is named twice counts once."""
    trays: defaultdict[tuple[bool, str, str], dict[str, Notice]] = defaultdict(dict)
    for each in notices:
        trays[each.to is To.CHANNEL, each.recipient, each.via][each.id] = each
    alone = tuple(each for tray in trays.values() if len(tray) == 1 for each in tray.values())
    return alone, tuple(_digest(list(tray.values()), now) for tray in trays.values() if len(tray) > 1)


def settled(part: Notice, digest: Notice | None, now: datetime) -> Notice | None:
    """Return what became of a part that the agenda brought back; None where it has to be gathered anew."""
    if digest is None or digest.state is NoticeState.CANCELLED:
        return None
    if digest.state in UNDELIVERED:
        return replace(part, wake_at=max(digest.wake_at or now, now) + LOOK_AGAIN, version=part.version + 1)
    if digest.state is NoticeState.SENT and part.id not in digest.parts:
        return None
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


def released(part: Notice, now: datetime) -> Notice:
    """Return a part that its digest could not tell of: it is looked at by itself."""
    return replace(part, digest=None, wake_at=now, version=part.version + 1)


def _digest(all_: list[Notice], now: datetime) -> Digest:
    parts = sorted(all_, key=lambda each: (each.due_at, each.id))[:MOST_PARTS]
    first, roles, sites = parts[0], {each.to for each in parts}, {each.site for each in parts}
    name = derived(DIGEST, first.recipient, str(first.via), now.isoformat(), first.id)
    marked = tuple(
        replace(each, digest=name, hold_until=None, wake_at=now + LOOK_AGAIN, version=each.version + 1)
        for each in parts
    )
    notice = Notice(
        id=name,
        site=first.site if len(sites) == 1 else None,
        step=DIGEST,
        to=first.to if len(roles) == 1 else To.HOLDER,
        recipient=first.recipient,
        via=first.via,
        late=any(each.late for each in parts),
        due_at=first.due_at,
        wake_at=now + OUTBOX_PATIENCE,
        parts=tuple(each.id for each in parts),
    )
    return Digest(notice=notice, parts=marked)
