"""Records that contradict each other, one contradiction at a time."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import NOW, drill, person
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.cross_checking import (
    check_asset,
    check_badge,
    check_case,
    check_door,
    check_loan,
    check_person,
    check_tag,
)
from toolcrib.domain.doors import Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.faults import ADVICE, CUSTODIANS, Fault
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Badge, Holding
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.states import State

STOWED = drill(state=State.STOWED, custodian=Custodian.at_door("hq-01", 1))
LENT = drill(state=State.ON_LOAN, custodian=Custodian.person("p-1"), loan="l-1")
CONTENT = Content(asset="drill-1", type="drill", name="Drill 1", tag="E2000001", since=NOW)
DOOR = Door(bank="hq-01", number=1, contents=(CONTENT,))
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
    authorised_at=NOW,
    taken_at=NOW,
    due_at=NOW,
    terms=TERMS,
)
HELD = Holding(
    asset="drill-1", type="drill", name="Drill 1", state="open", bank="hq-01", door=1, site="hq", since=NOW, until=NOW
)
HOLDER = person(holdings={"l-1": HELD})


def asset_faults(asset: Asset, **around: Any) -> list[str]:
    given = {"door": DOOR, "loan": None, "tag_of": asset.id, **around}
    return [fault.why for fault in check_asset(asset, **given)]


def test_what_fits_is_left_alone() -> None:
    assert asset_faults(STOWED) == asset_faults(LENT, loan=LOAN) == []
    assert list(check_door(DOOR, {"drill-1": STOWED})) == []
    assert list(check_loan(LOAN, asset=LENT, person=HOLDER)) == []
    assert list(check_person(HOLDER, HOLDER.holdings, {"l-1": LOAN}, {"drill-1": LENT})) == []
    assert list(check_tag("E2000001", "drill-1", STOWED)) == []


@pytest.mark.parametrize("state", State)
def test_each_state_allows_some_custodians_and_no_others(state: State) -> None:
    every = [
        Custodian.site("hq"),
        Custodian.at_door("hq-01", 1),
        Custodian.person("p-1"),
        Custodian.workshop(),
        Custodian.nobody(),
    ]
    for custodian in every:
        why = asset_faults(drill(state=state, custodian=custodian), loan=LOAN)
        assert any("it is " in each and f"with {custodian.kind}" in each for each in why) is (
            custodian.kind not in CUSTODIANS[state]
        )


@pytest.mark.parametrize("door", [None, replace(DOOR, contents=())])
def test_an_asset_that_its_door_does_not_list_is_named(door: Door | None) -> None:
    assert "hq-01, door 1 does not list it" in asset_faults(STOWED, door=door)
    in_repair = replace(STOWED, state=State.IN_REPAIR)
    assert "hq-01, door 1 does not list it" in asset_faults(in_repair, door=door)
    assert asset_faults(replace(STOWED, state=State.UNCONFIRMED), door=door) == []


@pytest.mark.parametrize(
    "loan",
    [None, replace(LOAN, person="p-2"), replace(LOAN, state=LoanState.CLOSED), replace(LOAN, asset="drill-2")],
)
def test_an_asset_whose_loan_is_not_its_own_is_named(loan: Loan | None) -> None:
    assert asset_faults(LENT, loan=loan) != []


def test_a_tag_that_leads_elsewhere_is_named_from_both_sides() -> None:
    assert asset_faults(STOWED, tag_of="drill-2") == ["its tag leads to drill-2"]
    assert asset_faults(STOWED, tag_of=None) == ["its tag leads to nothing"]
    assert list(check_tag("OTHER", "drill-1", STOWED)) != []
    assert list(check_tag("E2000001", "drill-1", None)) != []


@pytest.mark.parametrize(
    ("door", "asset", "rule", "why"),
    [
        (replace(DOOR, contents=(CONTENT, replace(CONTENT, asset="drill-2"))), STOWED, "I1", "has room for 1"),
        (replace(DOOR, capacity=2, contents=(CONTENT, CONTENT)), STOWED, "I1", "lists drill-1 2 times"),
        (replace(DOOR, number=2), STOWED, "I1", "which is stowed elsewhere"),
        (DOOR, replace(STOWED, custodian=Custodian.at_door("hq-02", 1)), "I1", "which is stowed elsewhere"),
        (DOOR, LENT, "I1", "which is on_loan elsewhere"),
        (DOOR, replace(STOWED, state=State.UNCONFIRMED), "I1", "which is unconfirmed elsewhere"),
        (DOOR, replace(STOWED, name="Saw"), "references", "its summary of drill-1"),
        (DOOR, replace(STOWED, tag=None), "references", "its summary of drill-1"),
        (DOOR, None, "references", "which there is not"),
    ],
)
def test_a_door_that_lists_what_it_has_not_is_named(door: Door, asset: Asset | None, rule: str, why: str) -> None:
    fault = next(check_door(door, {} if asset is None else {"drill-1": asset}))
    assert (fault.rule, why in fault.why) == (rule, True), fault


@pytest.mark.parametrize(
    ("loan", "asset", "holder"),
    [
        (LOAN, LENT, replace(HOLDER, holdings={})),
        (LOAN, LENT, None),
        (LOAN, replace(LENT, loan=None), HOLDER),
        (LOAN, replace(LENT, state=State.STORED), HOLDER),
        (LOAN, None, HOLDER),
        (replace(LOAN, state=LoanState.PENDING), STOWED, replace(HOLDER, holdings={})),
        (replace(LOAN, state=LoanState.CLOSED), STOWED, HOLDER),
        (replace(LOAN, state=LoanState.VOID), STOWED, HOLDER),
        (replace(LOAN, state=LoanState.CLOSED), LENT, replace(HOLDER, holdings={})),
    ],
)
def test_a_loan_that_contradicts_its_asset_or_person_is_named(loan: Loan, asset: Asset | None, holder: Any) -> None:
    assert list(check_loan(loan, asset=asset, person=holder)) != []


def test_what_was_last_seen_with_somebody_needs_no_loan() -> None:
    seen = drill(state=State.UNCONFIRMED, custodian=Custodian.person("p-1"))
    held = {"x.drill-1": HELD}
    assert list(check_person(HOLDER, held, {}, {"drill-1": seen})) == []
    for elsewhere in (STOWED, replace(seen, custodian=Custodian.person("p-2"))):
        assert list(check_person(HOLDER, held, {}, {"drill-1": elsewhere})) != []
    assert list(check_person(HOLDER, held, {}, {})) != []


@pytest.mark.parametrize(
    "loan", [replace(LOAN, state=LoanState.CLOSED), replace(LOAN, person="p-2"), replace(LOAN, asset="drill-2")]
)
def test_a_summary_that_names_another_loan_is_named(loan: Loan) -> None:
    assert list(check_person(HOLDER, HOLDER.holdings, {"l-1": loan}, {"drill-1": LENT})) != []


@pytest.mark.parametrize("state", LoanState)
def test_a_loan_of_nothing_or_to_nobody_is_named_whatever_its_state(state: LoanState) -> None:
    why = [fault.why for fault in check_loan(replace(LOAN, state=state), asset=None, person=None)]
    assert why[:2] == ["its asset drill-1 is not there", "its person p-1 is not there"]


def test_a_badge_of_nobody_is_named() -> None:
    badge = Badge(id="1.x", person="p-1")
    assert list(check_badge(badge, HOLDER)) == []
    assert [str(fault) for fault in check_badge(badge, None)] == ["references: badge 1.x: its person p-1 is not there"]


def test_a_case_names_only_what_is_there() -> None:
    case = Case(id="c-1", kind=CaseKind.NOT_TAKEN, opened_at=NOW, asset="drill-1", person="p-1", loan="l-1")
    assert list(check_case(case, asset=LENT, person=HOLDER, loan=LOAN)) == []
    bare = Case(id="c-1", kind=CaseKind.TAMPER, opened_at=NOW)
    assert list(check_case(bare, asset=None, person=None, loan=None)) == []
    lost = [fault.why for fault in check_case(case, asset=None, person=None, loan=None)]
    assert lost == ["its asset drill-1 is not there", "its person p-1 is not there", "its loan l-1 is not there"]


def test_an_asset_whose_case_is_lost_is_named() -> None:
    case = Case(id="c-1", kind=CaseKind.FORCED, opened_at=NOW)
    doubted = drill(state=State.UNCONFIRMED, custodian=Custodian.at_door("hq-01", 1), case="c-1")
    assert asset_faults(doubted, case=case) == []
    assert asset_faults(doubted) == ["its case c-1 is not there"]


@pytest.mark.parametrize("loan", [None, replace(LOAN, asset="drill-2")])
def test_a_door_locked_for_a_loan_that_is_not_there_is_named(loan: Loan | None) -> None:
    grant = Grant(
        id="l-1", purpose=Purpose.TAKE, state=GrantState.ISSUED, asset="drill-1", authorised_at=NOW, expires_at=NOW
    )
    locked, assets = replace(DOOR, grant=grant), {"drill-1": STOWED}
    assert list(check_door(locked, assets, LOAN)) == []
    why = [fault.why for fault in check_door(locked, assets, loan)]
    assert why == ["it is locked by l-1, and there is no such loan of drill-1"]
    for other in (replace(grant, state=GrantState.USED), replace(grant, purpose=Purpose.RETURN)):
        assert list(check_door(replace(DOOR, grant=other), assets, loan)) == []


@pytest.mark.parametrize("rule", ADVICE)
def test_every_fault_says_what_to_do_next(rule: str) -> None:
    assert Fault(rule=rule, thing="drill-1", why="it is broken").advice.endswith(".")
