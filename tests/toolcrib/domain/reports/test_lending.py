"""A loan as its take's report leaves it: due by its own terms, and as its person's profile tells it."""

from datetime import time, timedelta
from typing import Any

import pytest

from tests.support.scenes import BEFORE, BOOK, NOW, change_of, door, drill, grant, loan, report, running, scene
from toolcrib.domain.doors import GrantState
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Authorisers, Blocks, Curfew, Period, Renewals, Site, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.reports import lending
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.reports.settle import settle

BERLIN = replace(BOOK, sites={"hq": Site(id="hq", name="HQ", time_zone="Europe/Berlin")})
SHIFT = Terms(policy="fallback", period=Period(end_of_shift=True))


def at_hand(**more: Any) -> Scene:
    return scene(report(Outcome.CLOSED), door(drill()), drill(), book=BERLIN, **more)


def timed(taken: Loan) -> tuple[Any, ...]:
    now = lending.timed(at_hand(), taken, at=NOW, evidence=Evidence.TAGS)
    assert (now.taken_at, now.evidence) == (NOW, Evidence.TAGS)
    return now.due_at, now.due_why


def test_a_loan_is_due_at_the_end_of_the_shift_that_ran_when_it_was_taken() -> None:
    ends = NOW + timedelta(hours=3)
    assert timed(loan(terms=SHIFT, shift_end=ends)) == (ends, "loan_period")


def test_a_curfew_is_the_clock_of_the_loans_own_site() -> None:
    terms = Terms(policy="fallback", period=Period(after=timedelta(days=2)), curfew=Curfew(at=time(18)))
    assert timed(loan(terms=terms)) == (NOW.replace(hour=17), "curfew_at")


@pytest.mark.parametrize("version", [2, 3])
def test_a_due_time_that_was_changed_since_stays_as_it_is(version: int) -> None:
    later = NOW + timedelta(days=3)
    assert timed(loan(due_at=later, due_why="renewed", due_version=version)) == (later, "renewed")


@pytest.mark.parametrize(
    ("taken", "grants", "concluded"),
    [
        (None, {"take": GrantState.ISSUED}, False),
        (BEFORE, {"take": GrantState.ISSUED}, True),
        (BEFORE, {"take": GrantState.USED}, False),
        (BEFORE, {"take": GrantState.ISSUED, "back": GrantState.USED}, True),
    ],
)
def test_a_loan_is_concluded_where_it_was_taken_and_its_own_grant_has_not_told_so(
    taken: Any, grants: Any, concluded: bool
) -> None:
    assert lending.concluded(loan(taken_at=taken, grants=grants)) is concluded


def told(of: Loan, state: str = "open", **more: Any) -> None:
    known = {"asset": "drill-1", "type": "drill", "name": "Drill 1", "tag": "E1", "state": state, "door": 1}
    where = {"bank": "hq-01", "site": "hq", "since": of.taken_at or of.authorised_at, "until": of.due_at}
    assert lending.holding(of, drill(), state) == Holding(**{**known, **where, "evidence": of.evidence, **more})


def test_a_profile_tells_of_an_open_loan_from_when_it_may_be_renewed_and_from_when_it_blocks() -> None:
    renewals = Renewals(max=1, window=timedelta(hours=1))
    blocks = Blocks(overdue_after=timedelta(minutes=30))
    of = running(
        terms=Terms(policy="fallback", period=Period(after=timedelta(hours=8)), renewals=renewals, blocks=blocks)
    )
    told(of, renew_from=of.due_at - timedelta(hours=1), blocks_from=of.late_after + timedelta(minutes=30))


def test_a_profile_tells_neither_of_a_loan_that_is_not_open() -> None:
    renewals, blocks = Renewals(max=1), Blocks(overdue_after=timedelta(minutes=30))
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)), renewals=renewals, blocks=blocks)
    told(loan(terms=terms), "pending")
    told(running(terms=terms), "unconfirmed", blocks_from=running(terms=terms).blocks_from)


def test_a_profile_tells_who_has_to_countersign_and_of_which_kit_it_is() -> None:
    leads = (Authorisers(group="leads"),)
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)), countersign=leads)
    told(loan(terms=terms, kit=InKit(id="set", grant="take")), "pending", countersign=leads, kit="set")


def test_of_a_void_loan_nobody_is_reminded() -> None:
    planned = loan(next_step=NOW + timedelta(hours=1))
    change = change_of(settle(scene(report(Outcome.NOT_OPENED), door(drill(), grant=grant()), drill(), planned)))
    assert [(each.state, each.next_step) for each in change.loans] == [(LoanState.VOID, None)]
