"""What stops a person from taking anything, and when it lifts (rules.md, row 3; *Late*).

    kind              since                             lifts
    manual            somebody said so                  at the moment given with it, or by hand
    lost              what they have is declared lost   when that is found, returned or settled
    overdue           due + grace + `overdue_after`     when that is returned
    repeatedly_late   the last of too many late returns when the suspension is over

Only the first is on record. The others are found anew whenever they are asked for, so that they lift by themselves.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from toolcrib.domain.change import Holdings
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.policies import LateReturns
from toolcrib.domain.record import Record

MOST_REMEMBERED = 20  # late returns; no policy asks for more of them


class BlockKind(StrEnum):
    """Why somebody is blocked."""

    MANUAL = "manual"
    LOST = "lost"
    OVERDUE = "overdue"
    REPEATEDLY_LATE = "repeatedly_late"


class Lifts(StrEnum):
    """What lifts a block."""

    BY_HAND = "by_hand"
    AT = "at"
    SETTLED = "settled"
    RETURNED = "returned"


class Block(Record, frozen=True, kw_only=True):
    """One block that stands. `until` is set where it lifts at a moment, `loan` and `holding` where a thing causes it.

    `id` is the same for as long as it stands. `policy` is whose rule it follows; `by` and `reason` are a person's.
    """

    id: str
    kind: BlockKind
    since: datetime
    lifts_when: Lifts
    until: datetime | None = None
    loan: str | None = None
    holding: Holding | None = None
    policy: str | None = None
    by: str | None = None
    reason: str | None = None


def standing(person: Person, at: datetime, rules: Mapping[str, LateReturns]) -> tuple[Block, ...]:
    """Return what stops a person at a moment, by kind; `rules` are those about late returns, by policy."""
    return (*_manual(person, at), *_lost(person), *_overdue(person, at), *_repeatedly_late(person, at, rules))


def suspended_until(late: tuple[datetime, ...], rule: LateReturns) -> tuple[datetime, datetime] | None:
    """Return from when until when late returns suspend, the last time that they do; None where they never did.

    Each late return with which there are `count` of them in less than `within` begins the suspension anew.
    """
    times = sorted(late)
    begun = [
        time
        for index, time in enumerate(times)
        if index + 1 >= rule.count and time - times[index + 1 - rule.count] < rule.within
    ]
    return (begun[-1], begun[-1] + rule.suspension) if begun else None


def remembered(late: tuple[datetime, ...]) -> tuple[datetime, ...] | None:
    """Return the latest `MOST_REMEMBERED` late returns; None where there are no more than that."""
    return None if len(late) <= MOST_REMEMBERED else tuple(sorted(late)[-MOST_REMEMBERED:])


def noted(over: Loan) -> tuple[Holdings, ...]:
    """Return what its holder's profile remembers of a loan that is over: when it came back, if that was too late."""
    if over.returned_at is None or not over.returned_late:
        return ()
    return (Holdings(person=over.person, late_returns=(over.returned_at,)),)


def _manual(person: Person, at: datetime) -> Iterator[Block]:
    for block_id, block in sorted(person.blocks.items(), key=lambda each: (each[1].since, each[0])):
        if block.until is None or at < block.until:
            yield Block(
                id=block_id,
                kind=BlockKind.MANUAL,
                since=block.since,
                lifts_when=Lifts.BY_HAND if block.until is None else Lifts.AT,
                until=block.until,
                by=block.by,
                reason=block.reason,
            )


def _lost(person: Person) -> Iterator[Block]:
    for loan, held in sorted(person.holdings.items()):
        if held.lost_since is not None:
            yield _of_holding(BlockKind.LOST, held.lost_since, Lifts.SETTLED, loan, held)


def _overdue(person: Person, at: datetime) -> Iterator[Block]:
    """Past the moment, as being overdue is: at it nothing has happened yet."""
    for loan, held in sorted(person.holdings.items()):
        if held.blocks_from is not None and at > held.blocks_from:
            yield _of_holding(BlockKind.OVERDUE, held.blocks_from, Lifts.RETURNED, loan, held)


def _of_holding(kind: BlockKind, since: datetime, lifts: Lifts, loan: str, held: Holding) -> Block:
    return Block(id=f"{kind}.{loan}", kind=kind, since=since, lifts_when=lifts, loan=loan, holding=held)


def _repeatedly_late(person: Person, at: datetime, rules: Mapping[str, LateReturns]) -> Iterator[Block]:
    for policy, rule in sorted(rules.items()):
        span = suspended_until(person.late_returns, rule)
        if span is not None and span[0] <= at < span[1]:
            kind = BlockKind.REPEATEDLY_LATE
            yield Block(
                id=f"{kind}.{policy}", kind=kind, since=span[0], lifts_when=Lifts.AT, until=span[1], policy=policy
            )
