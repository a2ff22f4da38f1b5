"""What a bank says about itself and its doors at rest, compared with the record (rules.md, *Doors*; design.md, `seen`).

Only doors without a grant in flight are compared, and only when the bank has nothing left to report: otherwise what
the sensors say and what the record says are about different moments.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import field

from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change, Heard
from toolcrib.domain.doors import BANK_REVOKED, UNRESOLVED, Bank, Door, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.record import Record, replace
from toolcrib.domain.reports import contents, ungranted
from toolcrib.domain.reports.scene import Outcome, Report, Scene

MOST_SKEW = timedelta(seconds=120)  # safety.md, I16: reported, never used
SETTLES = frozenset({UNRESOLVED, contents.UNEXPECTED, ungranted.FORCED, BANK_REVOKED})
"""Why a door may be unlendable and a look inside be enough to lend from it again."""


class Status(Record, frozen=True, kw_only=True):
    """A status report in the domain's terms. `tags` is None for a door whose contents the bank cannot see."""

    op: str
    at: datetime
    boot: int
    seq: int
    journal_depth: int
    firmware: str | None = None
    doors: Mapping[int, str]
    tags: Mapping[int, tuple[str, ...] | None] = field(default_factory=dict)
    skew: timedelta = timedelta()
    part: int = 1
    parts: int = 1


def at_rest(door: Door, status: Status) -> bool:
    """Whether a door's record and this status speak of the same moment.

    A door whose bolt is stuck is closed all the same: tags are read behind a closed door only.
    """
    if door.busy or status.journal_depth > 0 or not _closed(door, status):
        return False
    grant = door.grant
    moments = [content.since for content in door.contents]
    moments += [each for each in (grant.authorised_at, grant.opened_at, grant.over_at) if each] if grant else []
    return all(moment < status.at for moment in moments)


def _closed(door: Door, status: Status) -> bool:
    state = status.doors.get(door.number)
    return state == "closed" or (state == "fault" and status.tags.get(door.number) is not None)


def differs(door: Door, status: Status) -> bool:
    """Whether a door at rest needs a second look: other tags than recorded, or doubt that may be over."""
    seen = status.tags.get(door.number)
    recorded = {content.tag for content in door.contents if content.tag}
    return (seen is not None and set(seen) != recorded) or door.unlendable in SETTLES


def as_report(door: Door, status: Status) -> Report:
    """Return what the status says of one door, as if it had just closed without a grant."""
    seen = status.tags.get(door.number)
    return Report(
        op=f"{status.op}.{door.number}",
        at=status.at,
        outcome=Outcome.CLOSED,
        grant=None,
        evidence=Evidence.TAGS if seen is not None else Evidence.DOOR_ONLY,
        tags=tuple(sorted(seen)) if seen is not None else None,
        boot=status.boot,
    )


def compare(scene: Scene) -> Change | None:
    """Return what a door at rest proves against the record; None where both agree and nothing is to be lifted."""
    found = ungranted.closed(scene).change
    if found is not None and (found.events or found.cases):
        return found
    if not _may_be_lifted(scene):
        return None
    draft = scene.draft(None)
    draft.door(scene.door, unlendable=None, physical="closed")
    return draft.change()


def _may_be_lifted(scene: Scene) -> bool:
    """Whether what is seen ends the doubt: tags that match the record end any.

    Without tags only an unresolved take's ends: what it was about is no longer said to be inside, whereas a return may
    have left something there.
    """
    door, report = scene.door, scene.report
    if door.unlendable not in SETTLES:
        return False
    if report.tags is not None:
        return set(report.tags) == {content.tag for content in door.contents}
    grant = door.grant
    unresolved = grant is not None and grant.state is GrantState.UNRESOLVED and grant.purpose is Purpose.TAKE
    return door.unlendable == UNRESOLVED and unresolved


def heard(bank: Bank, status: Status, *, received: datetime) -> Change:
    """Return what a status says about the bank: it is alive, its boot report is on record, its clock may be off."""
    note = Heard(bank=bank.id, at=received, boot=status.boot, firmware=status.firmware, seq=(status.boot, status.seq))
    change = Change(op=status.op, at=status.at, heard=note)
    if abs(status.skew) <= MOST_SKEW or bank.boot == status.boot:
        return change
    case = Case(
        id=derived("case", "clock_skew", bank.id, str(bank.generation), str(status.boot)),
        kind=CaseKind.CLOCK_SKEW,
        opened_at=status.at,
        site=bank.site,
        bank=bank.id,
        detail=f"its clock is {status.skew.total_seconds():.0f} s off",
    )
    return replace(change, cases=(case,))
