"""Every contradiction between records by its rule, its thing and its words, and what nearly is one."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import NOW, bank, drill, person
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.cross_checking import (
    check_asset,
    check_bank,
    check_case,
    check_door,
    check_loan,
    check_person,
    check_tag,
)
from toolcrib.domain.doors import Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.faults import CUSTODIANS
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.states import State

DOOR_1 = Custodian.at_door("hq-01", 1)
STOWED = drill(state=State.STOWED, custodian=DOOR_1)
LENT = drill(state=State.ON_LOAN, custodian=Custodian.person("p-1"), loan="l-1")
CONTENT = Content(asset="drill-1", type="drill", name="Drill 1", tag="E2000001", since=NOW)
DOOR = Door(bank="hq-01", number=1, contents=(CONTENT,))
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
    terms=Terms(policy="fallback", period=Period(after=timedelta(hours=8))),
)
PENDING = replace(LOAN, state=LoanState.PENDING)
HELD = Holding(
    asset="drill-1", type="drill", name="Drill 1", state="open", bank="hq-01", door=1, site="hq", since=NOW, until=NOW
)
HOLDER, BARE = person(holdings={"l-1": HELD}), person(holdings={})
ELSEWHERE = [
    Custodian.site("hq"),
    DOOR_1,
    Custodian.person("p-1"),
    Custodian.workshop(),
    Custodian.nobody(),
]


def about(asset: Asset, **around: Any) -> list[str]:
    given = {"door": DOOR, "loan": None, "tag_of": asset.id, **around}
    return [str(fault) for fault in check_asset(asset, **given)]


def of_door(door: Door, *assets: Asset, loan: Loan | None = None) -> list[str]:
    return [str(fault) for fault in check_door(door, {each.id: each for each in assets}, loan)]


def of_loan(loan: Loan, asset: Asset | None = LENT, holder: Any = HOLDER) -> list[str]:
    return [str(fault) for fault in check_loan(loan, asset=asset, person=holder)]


@pytest.mark.parametrize("state", State)
def test_a_state_with_a_custodian_that_it_does_not_allow(state: State) -> None:
    for custodian in ELSEWHERE:
        told = f"I1: asset drill-1: it is {state} with {custodian.kind}"
        found = about(drill(state=state, custodian=custodian), loan=LOAN)
        assert (told in found) is (custodian.kind not in CUSTODIANS[state])


def test_a_door_that_does_not_list_what_lies_in_it() -> None:
    told = ["I1: asset drill-1: hq-01, door 1 does not list it"]
    other = replace(DOOR, contents=(replace(CONTENT, asset="drill-2"),))
    for state in (State.STOWED, State.IN_REPAIR):
        assert about(replace(STOWED, state=state), door=None) == told
        assert about(replace(STOWED, state=state), door=other) == told
        assert about(replace(STOWED, state=state)) == []
    in_the_workshop = replace(STOWED, state=State.IN_REPAIR, custodian=Custodian.workshop())
    assert about(in_the_workshop, door=None) == []


def test_a_loan_that_is_not_the_one_of_whoever_has_it() -> None:
    anothers = ["references: asset drill-1: it is on loan, and its loan is not that person's"]
    over = ["references: asset drill-1: its loan l-1 is not running"]
    assert about(LENT, loan=LOAN) == about(LENT, loan=PENDING) == []
    assert about(LENT, loan=None) == [*anothers, *over]
    assert about(LENT, loan=replace(LOAN, person="p-2")) == anothers
    assert about(LENT, loan=replace(LOAN, state=LoanState.CLOSED)) == over
    assert about(LENT, loan=replace(LOAN, state=LoanState.VOID)) == over
    assert about(LENT, loan=replace(LOAN, asset="drill-2")) == over
    doubted = replace(LENT, state=State.UNCONFIRMED, custodian=DOOR_1)
    assert about(doubted, loan=replace(LOAN, person="p-2")) == []


def test_a_case_or_a_tag_that_is_not_there() -> None:
    case = Case(id="c-1", kind=CaseKind.FORCED, opened_at=NOW)
    doubted = replace(STOWED, state=State.UNCONFIRMED, case="c-1")
    assert about(doubted, case=case) == []
    assert about(doubted) == ["references: asset drill-1: its case c-1 is not there"]
    assert about(STOWED, case=case) == []
    assert about(STOWED, tag_of=None) == ["references: asset drill-1: its tag leads to nothing"]
    assert about(STOWED, tag_of="drill-2") == ["references: asset drill-1: its tag leads to drill-2"]
    assert about(replace(STOWED, tag=None), tag_of=None) == []


def test_a_bank_with_more_or_fewer_doors_than_it_has() -> None:
    of = bank()
    assert list(check_bank(of, of.door_count)) == []
    for doors in (of.door_count - 1, of.door_count + 1):
        told = f"references: hq-01: {doors} of its {of.door_count} doors are there"
        assert [str(fault) for fault in check_bank(of, doors)] == [told]


def test_a_door_locked_for_a_loan_of_another_thing() -> None:
    grant = Grant(
        id="l-1", purpose=Purpose.TAKE, state=GrantState.ISSUED, asset="drill-1", authorised_at=NOW, expires_at=NOW
    )
    locked = replace(DOOR, grant=grant)
    told = ["references: hq-01, door 1: it is locked by l-1, and there is no such loan of drill-1"]
    assert of_door(locked, STOWED, loan=LOAN) == []
    assert of_door(locked, STOWED) == told
    assert of_door(locked, STOWED, loan=replace(LOAN, asset="drill-2")) == told
    assert of_door(replace(DOOR, grant=replace(grant, state=GrantState.USED)), STOWED) == []
    assert of_door(replace(DOOR, grant=replace(grant, purpose=Purpose.SERVICE)), STOWED) == []


def test_a_door_that_is_overfull_or_lists_something_twice() -> None:
    second = replace(CONTENT, asset="drill-2", name="Drill 2", tag="E2000002")
    both = replace(DOOR, contents=(CONTENT, second))
    drills = (STOWED, drill(2, state=State.STOWED, custodian=DOOR_1))
    assert of_door(replace(both, capacity=2), *drills) == []
    assert of_door(both, *drills) == ["I1: hq-01, door 1: it holds 2 and has room for 1"]
    twice = replace(DOOR, capacity=2, contents=(CONTENT, CONTENT))
    assert of_door(twice, STOWED) == ["I1: hq-01, door 1: it lists drill-1 2 times"]
    thrice = replace(DOOR, capacity=3, contents=(CONTENT, CONTENT, CONTENT))
    assert of_door(thrice, STOWED) == ["I1: hq-01, door 1: it lists drill-1 3 times"]


@pytest.mark.parametrize(
    ("asset", "told"),
    [
        (LENT, "I1: hq-01, door 1: it lists drill-1, which is on_loan elsewhere"),
        (replace(STOWED, custodian=Custodian.at_door("hq-01", 2)), "I1: hq-01, door 1: it lists drill-1, which is "),
        (replace(STOWED, state=State.UNCONFIRMED), "I1: hq-01, door 1: it lists drill-1, which is unconfirmed "),
        (replace(STOWED, type="saw"), "references: hq-01, door 1: its summary of drill-1 is not what the asset says"),
        (replace(STOWED, name="Saw"), "references: hq-01, door 1: its summary of drill-1 is not what the asset says"),
        (replace(STOWED, tag=None), "references: hq-01, door 1: its summary of drill-1 is not what the asset says"),
    ],
)
def test_a_door_that_lists_what_is_not_so(asset: Asset, told: str) -> None:
    (found,) = of_door(DOOR, asset)
    assert found.startswith(told)
    assert found.endswith(("elsewhere", "says"))


def test_a_door_that_lists_what_there_is_not_goes_on_with_the_next() -> None:
    unknown = replace(CONTENT, asset="drill-9")
    assert of_door(replace(DOOR, capacity=2, contents=(unknown, CONTENT)), LENT) == [
        "references: hq-01, door 1: it lists drill-9, which there is not",
        "I1: hq-01, door 1: it lists drill-1, which is on_loan elsewhere",
    ]
    assert of_door(DOOR, replace(STOWED, state=State.IN_REPAIR)) == []


def test_a_running_loan_is_in_its_persons_summary_and_no_other_is() -> None:
    for loan, asset in ((LOAN, LENT), (PENDING, STOWED)):
        assert of_loan(loan, asset) == []
        told = [f"references: loan l-1: it is {loan.state}, and its person's summary does not name it"]
        assert of_loan(loan, asset, BARE) == told
    for state in (LoanState.CLOSED, LoanState.VOID):
        over = replace(LOAN, state=state)
        assert of_loan(over, STOWED, BARE) == []
        told = [f"references: loan l-1: it is {state}, and its person's summary still names it"]
        assert of_loan(over, STOWED) == told


def test_an_open_loan_has_its_asset_out_and_a_closed_one_has_not() -> None:
    not_out = ["references: loan l-1: it is open, and its asset is not out on it"]
    for state in (State.ON_LOAN, State.UNCONFIRMED, State.MISSING, State.LOST):
        assert of_loan(LOAN, replace(LENT, state=state)) == []
    for state in (State.STORED, State.STOWED, State.IN_REPAIR, State.RETIRED):
        assert of_loan(LOAN, replace(LENT, state=state)) == not_out
    assert of_loan(LOAN, replace(LENT, loan=None)) == not_out
    assert of_loan(LOAN, replace(LENT, loan="l-2")) == not_out
    for state in (LoanState.CLOSED, LoanState.VOID):
        told = [f"references: loan l-1: it is {state}, and its asset is still out on it"]
        assert of_loan(replace(LOAN, state=state), LENT, BARE) == told
    assert of_loan(PENDING, LENT) == []


def test_a_loan_of_nothing_or_to_nobody() -> None:
    assert of_loan(LOAN, None) == [
        "references: loan l-1: its asset drill-1 is not there",
        "references: loan l-1: it is open, and its asset is not out on it",
    ]
    assert of_loan(PENDING, STOWED, None) == [
        "references: loan l-1: its person p-1 is not there",
        "references: loan l-1: it is pending, and its person's summary does not name it",
    ]


def test_a_summary_names_running_loans_and_what_was_last_seen() -> None:
    told = "references: person p-1: the summary names {}, not running"

    def found(held: dict[str, Holding], loan: Loan | None, asset: Asset | None) -> list[str]:
        loans, assets = {} if loan is None else {"l-1": loan}, {} if asset is None else {"drill-1": asset}
        return [str(fault) for fault in check_person(HOLDER, held, loans, assets)]

    held, seen = {"l-1": HELD}, {"x.drill-1": HELD}
    doubted = drill(state=State.UNCONFIRMED, custodian=Custodian.person("p-1"))
    assert found(held, LOAN, None) == found(held, PENDING, STOWED) == found(seen, None, doubted) == []
    for loan in (
        replace(LOAN, state=LoanState.CLOSED),
        replace(LOAN, state=LoanState.VOID),
        replace(LOAN, person="p-2"),
        replace(LOAN, asset="drill-2"),
    ):
        assert found(held, loan, doubted) == [told.format("l-1")]
    for asset in (None, LENT, STOWED, replace(doubted, custodian=Custodian.person("p-2"))):
        assert found(seen, None, asset) == [told.format("x.drill-1")]
    both = {"l-1": HELD, "x.drill-1": HELD}
    assert found(both, LOAN, None) == [told.format("x.drill-1")]


def test_a_tag_that_leads_to_what_does_not_wear_it() -> None:
    told = ["references: tag E2000001: it leads to drill-1, which does not wear it"]
    assert list(check_tag("E2000001", "drill-1", STOWED)) == []
    for asset in (None, replace(STOWED, tag="E2000002"), replace(STOWED, tag=None)):
        assert [str(fault) for fault in check_tag("E2000001", "drill-1", asset)] == told


def test_a_case_that_names_what_is_not_there() -> None:
    case = Case(id="c-1", kind=CaseKind.NOT_TAKEN, opened_at=NOW, asset="drill-1", person="p-1", loan="l-1")
    assert [str(fault) for fault in check_case(case, asset=None, person=None, loan=None)] == [
        "references: case c-1: its asset drill-1 is not there",
        "references: case c-1: its person p-1 is not there",
        "references: case c-1: its loan l-1 is not there",
    ]
    assert list(check_case(case, asset=LENT, person=HOLDER, loan=LOAN)) == []
