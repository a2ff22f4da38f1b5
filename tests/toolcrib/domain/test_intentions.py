"""What an admin states: every pair of state and move, and what becomes of door, loan, summary and case."""

from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import Any

import pytest

from tests.support.workplace import NOW, bank, drill
from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import IN_REPAIR, BankState, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.intentions import STATED, Target, stated, stowed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, DoorBusy, Invalid, WrongState
from toolcrib.domain.standing import Intention, Standing
from toolcrib.domain.states import INTENTIONS, Move, State

HOME = {
    State.STORED: Custodian.site("hq"),
    State.STOWED: Custodian.at_door("hq-01", 1),
    State.ON_LOAN: Custodian.person("p-1"),
    State.UNCONFIRMED: Custodian.person("p-1"),
    State.IN_REPAIR: Custodian.workshop(),
    State.MISSING: Custodian.nobody(),
    State.LOST: Custodian.nobody(),
    State.RETIRED: Custodian.nobody(),
}
TERMS = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
LOAN = Loan(
    id="l-1",
    asset="drill-1",
    type="drill",
    person="p-1",
    site="hq",
    bank="hq-01",
    door=1,
    state=LoanState.OPEN,
    authorised_at=NOW - timedelta(hours=2),
    taken_at=NOW - timedelta(hours=2),
    due_at=NOW,
    next_step=NOW,
    terms=TERMS,
    version=3,
)
HELD = Holding(
    asset="drill-1", type="drill", name="Drill 1", state="open", bank="hq-01", door=1, site="hq", since=NOW, until=NOW
)
CASE = Case(id="c-1", kind=CaseKind.UNRESOLVED, opened_at=NOW, asset="drill-1")


def asset(state: State, **more: Any) -> Asset:
    return drill(**{"state": state, "custodian": HOME[state], "version": 5, "head": "h5", **more})


def door(number: int = 1, *, holds: bool = False, **more: Any) -> Door:
    here = (Content(asset="drill-1", type="drill", name="Drill 1", since=NOW),) if holds else ()
    return Door(**{"bank": "hq-01", "number": number, "contents": here, "version": 7, **more})


def live(state: GrantState = GrantState.ISSUED) -> Grant:
    return Grant(id="g-1", purpose=Purpose.TAKE, state=state, person="p-2", authorised_at=NOW, expires_at=NOW)


def standing(state: State, **more: Any) -> Standing:
    doors = (door(holds=True),) if state is State.STOWED else ()
    return Standing(**{"asset": asset(state), "doors": doors, **more})


def intend(what: Move, **more: Any) -> Intention:
    return Intention(**{"move": what, "op": "op-1", "at": NOW, "by": "sub-admin", "reason": "seen it myself", **more})


def into(number: int = 1, **more: Any) -> Target:
    return Target(**{"bank": bank(), "door": door(number), "size": "M", **more})


@pytest.mark.parametrize(("state", "move"), sorted(set(product(State, STATED)) - INTENTIONS.keys()))
def test_every_move_outside_the_table_is_refused(state: State, move: Move) -> None:
    with pytest.raises(WrongState) as refused:
        stated(standing(state), intend(move))
    assert (refused.value.state, refused.value.move) == (state, move)


@pytest.mark.parametrize("state", [state for state in State if (state, Move.STOW) not in INTENTIONS])
def test_stowing_from_elsewhere_in_the_table_is_refused(state: State) -> None:
    with pytest.raises(WrongState):
        stowed(standing(state), intend(Move.STOW), into(2))


@pytest.mark.parametrize(("state", "move"), sorted(pair for pair in INTENTIONS if pair[1] in STATED))
def test_every_stated_move_is_one_declared_event_that_keeps_the_reason_as_a_hash(state: State, move: Move) -> None:
    change = stated(standing(state, loan=LOAN if move is Move.STILL_OUT else None), intend(move))
    (event,), (after,) = change.events, change.assets
    assert (event.move, event.evidence, event.op, event.seq) == (move, Evidence.DECLARED, "op-1", 6)
    assert (after.state, after.custodian, after.version, after.head) == (event.state, event.to, 6, event.hash)
    assert event.detail["reason_sha256"] == sha256(b"seen it myself").hexdigest()
    assert "seen it myself" not in str(event)
    assert change.guard


@pytest.mark.parametrize(
    ("state", "move", "custodian"),
    [
        (State.STOWED, Move.UNSTOW, Custodian.site("hq")),
        (State.STOWED, Move.SEND_TO_REPAIR, Custodian.at_door("hq-01", 1)),
        (State.STORED, Move.SEND_TO_REPAIR, Custodian.workshop()),
        (State.UNCONFIRMED, Move.SEND_TO_REPAIR, Custodian.workshop()),
        (State.IN_REPAIR, Move.REPAIRED, Custodian.site("hq")),
        (State.STORED, Move.DECLARE_MISSING, Custodian.nobody()),
        (State.ON_LOAN, Move.DECLARE_LOST, Custodian.nobody()),
        (State.LOST, Move.FOUND, Custodian.site("hq")),
        (State.IN_REPAIR, Move.RETIRE, Custodian.nobody()),
    ],
)
def test_the_custodian_follows_the_move(state: State, move: Move, custodian: Custodian) -> None:
    (after,) = stated(standing(state), intend(move)).assets
    assert after.custodian == custodian


def test_the_store_room_is_the_one_named_else_the_banks_else_the_assets_home() -> None:
    def site(**more: Any) -> str | None:
        given = {key: more.pop(key) for key in ("site",) if key in more}
        return stated(standing(State.STOWED, **more), intend(Move.UNSTOW, **given)).assets[0].custodian.id

    assert site(site="yard", bank_site="dock") == "yard"
    assert site(bank_site="dock") == "dock"
    assert site() == "hq"
    with pytest.raises(Invalid):
        site(asset=asset(State.STOWED, site=None))


def test_what_leaves_a_door_leaves_its_summary_in_the_same_change() -> None:
    (emptied,) = stated(standing(State.STOWED), intend(Move.UNSTOW)).doors
    assert emptied == replace(door(), version=8)


@pytest.mark.parametrize("move", [Move.UNSTOW, Move.SEND_TO_REPAIR])
@pytest.mark.parametrize("state", [GrantState.ISSUED, GrantState.OPENED])
def test_a_live_grant_on_its_door_refuses(move: Move, state: GrantState) -> None:
    with pytest.raises(DoorBusy):
        stated(standing(State.STOWED, doors=(door(holds=True, grant=live(state)),)), intend(move))


@pytest.mark.parametrize("state", [GrantState.USED, GrantState.LAPSED, GrantState.FAILED, GrantState.UNRESOLVED])
def test_a_grant_that_is_over_does_not_refuse(state: GrantState) -> None:
    over = door(holds=True, grant=live(state))
    assert stated(standing(State.STOWED, doors=(over,)), intend(Move.UNSTOW)).doors[0].contents == ()


def test_repair_in_place_quarantines_the_door_until_repaired_where_it_is() -> None:
    sent = stated(standing(State.STOWED), intend(Move.SEND_TO_REPAIR))
    (ill,), (quarantined,) = sent.assets, sent.doors
    assert (ill.state, quarantined.unlendable, len(quarantined.contents)) == (State.IN_REPAIR, IN_REPAIR, 1)
    back = stated(Standing(asset=ill, doors=(quarantined,)), intend(Move.REPAIRED))
    assert (back.assets[0].state, back.assets[0].custodian) == (State.STOWED, Custodian.at_door("hq-01", 1))
    assert back.doors[0].unlendable is None
    gone = stated(Standing(asset=ill, doors=(quarantined,)), intend(Move.RETIRE)).doors[0]
    assert (gone.contents, gone.unlendable) == ((), None)


def test_repair_in_a_door_that_is_unlendable_already_is_refused_so_that_its_reason_is_not_lost() -> None:
    with pytest.raises(Conflict) as refused:
        stated(standing(State.STOWED, doors=(door(holds=True, unlendable="jammed"),)), intend(Move.SEND_TO_REPAIR))
    assert (refused.value.code, "unstow" in refused.value.advice) == ("door_unlendable", True)


BORROWER = Person(id="p-1", name="P", holdings={"l-1": HELD, "l-2": replace(HELD, asset="x")})
LENT: dict[str, Any] = {"loan": LOAN, "person": BORROWER, "case": CASE}


def lent(state: State, **more: Any) -> Standing:
    return standing(state, **{"asset": asset(state, loan="l-1", case="c-1"), **LENT, **more})


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (State.UNCONFIRMED, Move.FOUND),
        (State.MISSING, Move.FOUND),
        (State.LOST, Move.FOUND),
        (State.UNCONFIRMED, Move.SEND_TO_REPAIR),
    ],
)
def test_what_turns_up_closes_its_open_loan_as_declared(state: State, move: Move) -> None:
    change = stated(lent(state), intend(move))
    (loan,), (case,), (held,) = change.loans, change.cases, change.holdings
    assert (loan.state, loan.returned_at, loan.return_evidence) == (LoanState.CLOSED, NOW, Evidence.DECLARED)
    assert (loan.next_step, loan.version, loan.return_bank) == (None, 4, None)
    assert (case.state, case.resolution, case.resolved_by, case.version) == (CaseState.RESOLVED, move, "sub-admin", 2)
    assert (held.person, held.remove, held.put) == ("p-1", ("l-1",), {})
    assert (change.assets[0].loan, change.assets[0].case) == (None, None)
    assert (change.events[0].person, change.events[0].detail["loan"]) == ("p-1", "l-1")


def test_stowing_what_was_unconfirmed_returns_it_to_that_door() -> None:
    change = stowed(lent(State.UNCONFIRMED), intend(Move.STOW), into(2))
    (loan,) = change.loans
    assert (loan.state, loan.return_bank, loan.return_door) == (LoanState.CLOSED, "hq-01", 2)
    assert change.doors[0].contents[0].asset == "drill-1"
    assert (change.events[0].bank, change.events[0].door) == ("hq-01", 2)


def test_a_take_that_nobody_proved_is_void_when_the_thing_turns_up() -> None:
    pending = replace(LOAN, state=LoanState.PENDING, taken_at=None)
    (loan,) = stowed(lent(State.UNCONFIRMED, loan=pending), intend(Move.STOW), into()).loans
    assert (loan.state, loan.returned_at) == (LoanState.VOID, None)


@pytest.mark.parametrize("state", [State.ON_LOAN, State.UNCONFIRMED, State.MISSING])
def test_what_is_lost_is_still_owed(state: State) -> None:
    change = stated(lent(state), intend(Move.DECLARE_LOST))
    assert change.cases == ()
    assert change.loans == (replace(LOAN, lost_at=NOW, next_step=None, version=4),)
    assert (change.assets[0].loan, change.assets[0].case) == ("l-1", "c-1")
    assert [dict(held.put) for held in change.holdings] == [{"l-1": replace(HELD, lost_since=NOW)}]


def test_what_was_claimed_to_be_back_is_with_its_holder_after_all_and_reminders_go_on() -> None:
    paused = replace(LOAN, paused_until=NOW + timedelta(days=7), next_step=NOW + timedelta(days=7))
    change = stated(replace(lent(State.UNCONFIRMED), loan=paused), intend(Move.STILL_OUT))
    (after,), (loan,), (case,) = change.assets, change.loans, change.cases
    assert (after.state, after.custodian) == (State.ON_LOAN, Custodian.person("p-1"))
    assert (after.loan, after.case) == ("l-1", None)
    assert (loan.state, loan.paused_until, loan.version) == (LoanState.OPEN, None, 4)
    assert (case.state, case.resolution, case.effect) == (CaseState.RESOLVED, "still_out", "still_out")


@pytest.mark.parametrize("loan", [None, replace(LOAN, state=LoanState.PENDING)])
def test_nothing_is_still_out_on_a_loan_that_is_not_open(loan: Loan | None) -> None:
    with pytest.raises(Conflict) as refused:
        stated(replace(lent(State.UNCONFIRMED), loan=loan), intend(Move.STILL_OUT))
    assert refused.value.code == "no_open_loan"
    assert refused.value.advice


def test_what_is_missing_is_still_owed() -> None:
    change = stated(lent(State.UNCONFIRMED), intend(Move.DECLARE_MISSING))
    assert (change.loans, change.assets[0].loan) == ((), "l-1")


@pytest.mark.parametrize("state", [State.MISSING, State.LOST])
def test_what_is_retired_ends_its_loan_without_a_return(state: State) -> None:
    (loan,) = stated(lent(state), intend(Move.RETIRE)).loans
    assert (loan.state, loan.returned_at, loan.return_evidence) == (LoanState.CLOSED, NOW, None)


def test_a_summary_without_a_loan_goes_with_any_move() -> None:
    seen_with = standing(State.UNCONFIRMED, person=Person(id="p-1", name="P", holdings={"x.1": HELD}))
    (held,) = stated(seen_with, intend(Move.DECLARE_MISSING)).holdings
    assert held.remove == ("x.1",)


def test_a_resolved_case_is_not_resolved_again() -> None:
    done = replace(CASE, state=CaseState.RESOLVED)
    assert stated(lent(State.LOST, case=done), intend(Move.FOUND)).cases == ()


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (into(door=door(grant=live())), "door_busy"),
        (into(door=door(contents=(Content(asset="saw-1", type="saw", name="Saw", since=NOW),))), "door_full"),
        (into(size="L"), "too_large"),
        (into(door=door(unlendable="quarantined")), "door_unlendable"),
        (into(door=door(unlendable=IN_REPAIR)), "door_unlendable"),
        (into(bank=bank(state=BankState.REVOKED)), "bank_revoked"),
    ],
)
def test_a_door_that_does_not_take_it_says_why(target: Target, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        stowed(standing(State.STORED), intend(Move.STOW), target)
    assert refused.value.code == code


@pytest.mark.parametrize("reason", ["unresolved", "unexpected_item", "bank_revoked"])
def test_who_stows_has_looked_inside_so_the_door_may_lend_again(reason: str) -> None:
    (filled,) = stowed(standing(State.STORED), intend(Move.STOW), into(door=door(unlendable=reason))).doors
    assert filled.unlendable is None


def test_a_door_with_something_else_inside_stays_closed_to_lending() -> None:
    other = Content(asset="saw-1", type="saw", name="Saw", since=NOW)
    roomy = door(capacity=2, contents=(other,), unlendable="unresolved")
    (filled,) = stowed(standing(State.STORED), intend(Move.STOW), into(door=roomy)).doors
    assert (filled.unlendable, len(filled.contents)) == ("unresolved", 2)


def test_stowing_from_a_quarantined_door_writes_both_doors() -> None:
    ill = asset(State.IN_REPAIR, custodian=Custodian.at_door("hq-01", 1))
    old = door(holds=True, unlendable=IN_REPAIR)
    change = stowed(Standing(asset=ill, doors=(old,)), intend(Move.STOW), into(2))
    assert {(one.number, len(one.contents), one.unlendable) for one in change.doors} == {(2, 1, None), (1, 0, None)}
    same = stowed(Standing(asset=ill, doors=(old,)), intend(Move.STOW), into(door=old))
    assert [(one.number, len(one.contents), one.unlendable) for one in same.doors] == [(1, 1, None)]
    assert same.assets[0].custodian.kind is CustodianKind.DOOR
