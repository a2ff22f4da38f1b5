"""Row 3: nothing stops this person from taking."""

from datetime import timedelta

import pytest

from tests.support.judging import FALLBACK, NOW, PERIOD, SECOND, book, subject
from tests.support.loans import holding
from toolcrib.domain.judges.blocks import blocks
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import ManualBlock
from toolcrib.domain.policies import Blocks, LateReturns, Match, Policy

HOUR = timedelta(hours=1)
ONE_LATE = Blocks(late_returns=LateReturns(count=1, within=HOUR, suspension=HOUR))
OVERDUE = {"l": holding(blocks_from=NOW - SECOND)}
LOST = {"l": holding(lost_since=NOW - SECOND)}
MANUAL = {"b": ManualBlock(since=NOW - HOUR, by="boss", reason="lent it on", until=NOW + HOUR)}
FOR_GOOD = {"b": ManualBlock(since=NOW - HOUR, by="boss", reason="lent it on")}
BLOCKED = [
    (
        "overdue",
        {"holdings": OVERDUE},
        {"thing": "Drill 1"},
        "overdue since 2026-11-20T08:59:59Z (loan l), lifts when returned",
    ),
    ("lost", {"holdings": LOST}, {"thing": "Drill 1"}, "lost since 2026-11-20T08:59:59Z (loan l), lifts when settled"),
    (
        "manual",
        {"blocks": MANUAL},
        {"until": NOW + HOUR},
        "manual since 2026-11-20T08:00:00Z, lifts at 2026-11-20T10:00:00Z",
    ),
    ("manual_open", {"blocks": FOR_GOOD}, {}, "manual since 2026-11-20T08:00:00Z, lifts when by hand"),
    (
        "repeatedly_late",
        {"late_returns": (NOW,)},
        {"until": NOW + HOUR},
        "repeatedly_late since 2026-11-20T09:00:00Z (policy drills), lifts at 2026-11-20T10:00:00Z",
    ),
]
DRILLS = Policy(id="drills", match=Match(asset_type="drill"), period=PERIOD, blocks=ONE_LATE)


@pytest.mark.parametrize(("says", "person", "facts", "detail"), BLOCKED, ids=[case[0] for case in BLOCKED])
def test_row_3_says_which_block_and_when_it_lifts(
    says: str, person: dict[str, object], facts: dict[str, object], detail: str
) -> None:
    found = blocks(subject(**person), book(DRILLS))
    assert found == Finding(code="blocked", says=f"blocked.{says}", facts=facts, detail=detail)  # type: ignore[arg-type]


def test_row_3_passes_whom_nothing_blocks() -> None:
    assert blocks(subject(holdings={"l": holding()}), book(DRILLS)) == Finding(detail="nothing blocks the person")


def test_row_3_counts_late_returns_as_the_terms_of_this_take_have_it() -> None:
    saws = Policy(id="saws", match=Match(asset_type="saw"), period=PERIOD, blocks=ONE_LATE)
    assert blocks(subject(late_returns=(NOW,)), book(saws, fallback=FALLBACK)).code is None


def test_row_3_keeps_every_block_in_the_trace_and_tells_the_first() -> None:
    both = {"l": holding(blocks_from=NOW - SECOND, lost_since=NOW)}
    found = blocks(subject(holdings=both, blocks=MANUAL, late_returns=(NOW,)), book(DRILLS))
    assert [part.split(" ", 1)[0] for part in found.detail.split("; ")] == [
        "manual",
        "lost",
        "overdue",
        "repeatedly_late",
    ]
    assert found.says == "blocked.manual"
