"""From hand to hand: one loan ends, another begins, in one change (rules.md, *Authorisers, handover, acceptance*)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.support.judging import book
from tests.support.loans import taken
from tests.support.workplace import FALLBACK, NOW, drill, person, site
from toolcrib.domain.assets import Custodian
from toolcrib.domain.doors import GrantState
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.handing_over import (
    REQUEST_LIFE,
    Meeting,
    Stated,
    handed_over,
    judge,
    requested,
    wanted,
)
from toolcrib.domain.lent import Lent
from toolcrib.domain.loans import Loan, LoanState, Recalled
from toolcrib.domain.people import Badge, GroupGrant
from toolcrib.domain.policies import Allowance, Period, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, Invalid, LostRace
from toolcrib.domain.rulebook import Given, RuleBook
from toolcrib.domain.states import Move, State
from toolcrib.domain.upkeep import Condition

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LATER = NOW + HOUR
BEN = Badge(id="1.ben", person="p-2")
OUT = drill(state=State.ON_LOAN, custodian=Custodian.person("p-1"), loan="loan-1", version=3)
BOOK = book(grants=(GroupGrant(),), sites={"hq": site()})
CONDITIONS = list(Condition)


def meeting(*, loan: Loan | None = None, asset: Any = OUT, **more: Any) -> Meeting:
    of = loan or taken()
    lent = Lent(loan=of, person=person(), asset=asset)
    given = {
        "lent": lent,
        "receiver": person(2),
        "badge": BEN,
        "bank": "hq-01",
        "site": "hq",
        "at": LATER,
        "stated": Stated(),
        "given": Given(),
    }
    return Meeting(**{**given, **more})


def hand_over(at: Meeting, rules: RuleBook = BOOK) -> Any:
    return handed_over(at, judge(at, rules), op="op-1", loan_id="loan-2")


def test_one_event_ends_one_loan_and_begins_another() -> None:
    change = hand_over(meeting(stated=Stated(receiver=Condition.MINOR)))
    (event,) = change.events
    assert (event.move, event.from_, event.to) == (Move.HAND_OVER, Custodian.person("p-1"), Custodian.person("p-2"))
    assert (event.loan, event.evidence, event.person, event.op) == ("loan-2", Evidence.DECLARED, "p-2", "op-1")
    assert event.detail == {"from_loan": "loan-1", "condition_given": "ok", "condition_received": "minor"}
    assert change.guard
    (asset,) = change.assets
    assert (asset.state, asset.loan, asset.version) == (State.ON_LOAN, "loan-2", 4)
    before, after = change.loans
    assert (before.state, before.returned_at, before.return_evidence) == (LoanState.CLOSED, LATER, Evidence.DECLARED)
    assert (before.handed_to, before.next_step, before.version) == ("loan-2", None, 2)
    assert (after.id, after.person, after.state, after.taken_at) == ("loan-2", "p-2", LoanState.OPEN, LATER)
    assert (after.handed_from, after.grants, after.version) == ("loan-1", {"loan-2": GrantState.USED}, 1)
    assert (after.door, after.due_at, after.terms.policy) == (0, LATER + 8 * HOUR, "fallback")


def test_both_summaries_say_so_and_the_receivers_on_the_condition_that_it_was_judged_by() -> None:
    gives, takes = hand_over(meeting(receiver=person(2, version=7))).holdings
    assert (gives.person, gives.remove, gives.expected_version) == ("p-1", ("loan-1",), None)
    assert (takes.person, list(takes.put), takes.expected_version) == ("p-2", ["loan-2"], 7)
    held = takes.put["loan-2"]
    assert (held.state, held.since, held.until, held.asset) == ("open", LATER, LATER + 8 * HOUR, "drill-1")
    assert takes.last_take is not None


def test_without_a_badge_it_says_nothing_of_where_the_receiver_is() -> None:
    change = hand_over(meeting(badge=None))
    assert change.holdings[-1].last_take is None
    assert change.events[0].bank is None


def test_reminders_begin_with_the_new_loan() -> None:
    ladder = (Step(offset=-HOUR, to=To.HOLDER, via=Via.SLACK),)
    rules = replace(BOOK, fallback=replace(FALLBACK, ladder=ladder))
    after = hand_over(meeting(), rules).loans[-1]
    assert (after.noted_until, after.next_step) == (LATER, LATER + 7 * HOUR)


@pytest.mark.parametrize(
    ("due_before", "due_at", "why"),
    [
        (LATER + 8 * HOUR - SECOND, LATER + 8 * HOUR - SECOND, "recall"),
        (LATER + 8 * HOUR, LATER + 8 * HOUR, "loan_period"),
        (LATER + 9 * HOUR, LATER + 8 * HOUR, "loan_period"),
    ],
)
def test_what_was_called_back_stays_called_back(due_before: datetime, due_at: datetime, why: str) -> None:
    back = Recalled(at=NOW, by="boss", due_before=NOW + 20 * HOUR)
    after = hand_over(meeting(loan=taken(recalled=back, due_at=due_before, due_why="recall"))).loans[-1]
    assert (after.recalled, after.due_at, after.due_why) == (back, due_at, why)


@pytest.mark.parametrize("state", sorted(set(State) - {State.ON_LOAN}))
def test_what_is_not_with_its_holder_is_not_handed_over(state: State) -> None:
    with pytest.raises(Conflict) as refused:
        hand_over(meeting(asset=replace(OUT, state=state)))
    assert refused.value.code == "not_with_holder"


def test_what_is_out_on_another_loan_by_now_is_looked_at_again() -> None:
    with pytest.raises(LostRace):
        hand_over(meeting(asset=replace(OUT, loan="loan-9")))


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_only_an_open_loan_is_handed_over(state: LoanState) -> None:
    with pytest.raises(Conflict) as refused:
        hand_over(meeting(loan=taken(state=state)))
    assert refused.value.code == "not_open"


@pytest.mark.parametrize(
    ("says", "change", "rules", "code"),
    [
        ("all is well", {}, BOOK, None),
        ("they are frozen", {"receiver": person(2, active=False)}, BOOK, "person_frozen"),
        ("no group of theirs grants it", {"receiver": person(2, groups=())}, BOOK, "no_access"),
        (
            "they may have none",
            {},
            replace(BOOK, fallback=replace(FALLBACK, allowance=Allowance(type=0))),
            "allowance_reached",
        ),
        ("the badge is not theirs", {"badge": Badge(id="1.x", person="p-3")}, BOOK, "badge_unknown"),
        ("its giver says it is broken", {"stated": Stated(giver=Condition.CRITICAL)}, BOOK, "faulty"),
        ("its receiver says it is broken", {"stated": Stated(receiver=Condition.CRITICAL)}, BOOK, "faulty"),
        ("it was broken before", {"asset": replace(OUT, condition=Condition.CRITICAL)}, BOOK, "faulty"),
        ("it has a scratch", {"stated": Stated(giver=Condition.MINOR, receiver=Condition.MINOR)}, BOOK, None),
    ],
)
def test_the_receiver_passes_the_take_rules(says: str, change: Any, rules: RuleBook, code: str | None) -> None:
    assert judge(meeting(**change), rules).code == code, says


@pytest.mark.parametrize("one", CONDITIONS)
@pytest.mark.parametrize("other", CONDITIONS)
def test_the_worse_of_both_counts(one: Condition, other: Condition) -> None:
    worse = CONDITIONS[max(CONDITIONS.index(one), CONDITIONS.index(other))]
    assert Stated(giver=one, receiver=other).worse is worse


def test_a_request_names_who_until_when_and_in_what_condition() -> None:
    asked = requested(taken(), "p-2", NOW, op="op-1", by="p-1", condition=Condition.MINOR).handover
    assert asked is not None
    assert (asked.id, asked.to, asked.by, asked.condition) == ("op-1", "p-2", "p-1", "minor")
    assert asked.expires_at == NOW + REQUEST_LIFE


@pytest.mark.parametrize(
    ("after", "there"), [(timedelta(), True), (REQUEST_LIFE - SECOND, True), (REQUEST_LIFE, False)]
)
def test_a_request_ends_after_a_day(after: timedelta, there: bool) -> None:
    asked = requested(taken(), "p-2", NOW, op="op-1", by="p-1", condition=Condition.OK)
    if there:
        assert wanted(asked, NOW + after) == asked.handover
    else:
        with pytest.raises(Conflict) as refused:
            wanted(asked, NOW + after)
        assert refused.value.code == "no_request"


def test_a_request_falls_away_with_its_loan() -> None:
    asked = requested(taken(), "p-2", NOW, op="op-1", by="p-1", condition=Condition.OK)
    with pytest.raises(Conflict) as refused:
        wanted(replace(asked, state=LoanState.CLOSED), NOW)
    assert refused.value.code == "not_open"


def test_nobody_asks_themself_or_for_what_is_over() -> None:
    with pytest.raises(Invalid):
        requested(taken(), "p-1", NOW, op="op-1", by="p-1", condition=Condition.OK)
    with pytest.raises(Conflict):
        requested(taken(state=LoanState.CLOSED), "p-2", NOW, op="op-1", by="p-1", condition=Condition.OK)


@drawn(st.integers(1, 60 * 24 * 30), st.integers(0, 60 * 24 * 30), st.sampled_from(CONDITIONS[:2]))
def test_loans_follow_each_other_without_a_gap(period: int, later: int, condition: Condition) -> None:
    """However long somebody had it: the end of one loan is the beginning of the other, and each names the other."""
    terms = Terms(policy="p", period=Period(after=timedelta(minutes=period)))
    change = hand_over(
        meeting(loan=taken(terms=terms), at=NOW + timedelta(minutes=later), stated=Stated(receiver=condition))
    )
    before, after = change.loans
    assert before.returned_at == after.taken_at == change.events[0].at
    assert (before.handed_to, after.handed_from) == (after.id, before.id)
    assert before.taken_at is not None
    assert before.returned_at >= before.taken_at
