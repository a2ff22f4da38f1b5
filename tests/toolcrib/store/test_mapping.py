"""Whatever a record says, its item says, and the other way round; items are lean, and small enough to be cheap."""

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import any_of, words
from tests.support.workplace import NOW, ORG, bank, drill, person
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import REPORT_DEADLINE, Bank, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.events import Cause, CustodyEvent, created, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.people import Badge, Holding, LastTake, Person
from toolcrib.domain.policies import Curfew, Period, Repeat, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.store import keys, ledger, mapping
from toolcrib.store.tables import LedgerItem, StateItem

names = st.from_regex(r"[A-Za-z0-9._-]{1,12}", fullmatch=True)


def again(item: Any) -> Any:
    """Return an item as it comes back from the table."""
    base = LedgerItem if isinstance(item, LedgerItem) else StateItem
    return base.from_raw_data(item.serialize())


def size(item: Any) -> int:
    """Return what DynamoDB counts for an item, in bytes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.serialize().items())


def _size(value: dict[str, Any]) -> int:
    kind, inner = next(iter(value.items()))
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in inner.items())
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in inner)
    return len(inner.encode()) if kind == "S" else len(inner) // 2 + 2 if kind == "N" else 1


@settings(max_examples=50, deadline=None)
@given(any_of(Asset, id=names))
def test_an_asset(asset: Asset) -> None:
    assert mapping.to_asset(again(mapping.asset_item(ORG, asset))) == asset


@settings(max_examples=50, deadline=None)
@given(any_of(Door, bank=names, number=st.integers(1, 64)))
def test_a_door(door: Door) -> None:
    assert mapping.to_door(again(mapping.door_item(ORG, door))) == door


@settings(max_examples=50, deadline=None)
@given(any_of(Bank, id=names, doors=st.just(())))
def test_a_bank(of: Bank) -> None:
    assert mapping.to_bank(again(mapping.bank_item(ORG, of))) == of


@settings(max_examples=50, deadline=None)
@given(any_of(Person, id=names, holdings=st.dictionaries(words, st.from_type(Holding), max_size=3)))
def test_a_person(of: Person) -> None:
    assert mapping.to_person(again(mapping.person_item(ORG, of))) == of


@settings(max_examples=50, deadline=None)
@given(any_of(Badge, id=names))
def test_a_badge(badge: Badge) -> None:
    assert mapping.to_badge(again(mapping.badge_item(ORG, badge))) == badge


@settings(max_examples=50, deadline=None)
@given(any_of(Loan, id=names, due_at=st.just(NOW)))
def test_a_loan(loan: Loan) -> None:
    assert mapping.to_loan(again(mapping.loan_item(ORG, loan))) == loan


@settings(max_examples=50, deadline=None)
@given(any_of(Case, id=names))
def test_a_case(case: Case) -> None:
    assert mapping.to_case(again(mapping.case_item(ORG, case))) == case


@settings(max_examples=50, deadline=None)
@given(any_of(Notice, id=names))
def test_a_notice(notice: Notice) -> None:
    assert mapping.to_notice(again(mapping.notice_item(ORG, notice))) == notice


@settings(max_examples=50, deadline=None)
@given(any_of(CustodyEvent, asset=names))
def test_a_custody_event(event: CustodyEvent) -> None:
    item = again(ledger.to_item(ORG, event))
    assert ledger.from_record(item.record | {"hash": item.hash}) == replace(event, hash=item.hash)


# --- indexes ---


@pytest.mark.parametrize("state", GrantState)
def test_a_door_is_on_the_agenda_while_its_grant_may_have_no_report(state: GrantState) -> None:
    item = mapping.door_item(ORG, Door(bank="hq-01", number=1, grant=a_grant(state=state)))
    live = state in {GrantState.ISSUED, GrantState.OPENED}
    assert item.agenda_at == (keys.moment(NOW + REPORT_DEADLINE) if live else None)


@pytest.mark.parametrize("state", LoanState)
def test_a_loan_is_on_the_agenda_while_it_is_open_and_has_a_step_to_come(state: LoanState) -> None:
    item = mapping.loan_item(ORG, a_loan(state=state))
    assert item.agenda_at == (keys.moment(NOW) if state is LoanState.OPEN else None)
    assert mapping.loan_item(ORG, a_loan(next_step=None)).agenda_at is None


@pytest.mark.parametrize(
    ("state", "listed"),
    [(LoanState.OPEN, "open"), (LoanState.CLOSED, "closed"), (LoanState.PENDING, None), (LoanState.VOID, None)],
)
def test_a_loan_is_listed_by_the_moment_it_turns_overdue_or_came_back(state: LoanState, listed: str | None) -> None:
    loan = a_loan(state=state, returned_at=NOW)
    item = mapping.loan_item(ORG, loan)
    assert item.listing_pk == (f"acme#LOANS#{listed}" if listed else None)
    if listed == "open":
        assert item.listing_sk == f"{keys.moment(loan.due_at + loan.terms.grace)}#{loan.id}"


@pytest.mark.parametrize("state", sorted(UNDELIVERED))
def test_an_undelivered_notice_is_on_the_agenda(state: Any) -> None:
    notice = Notice(id="n", step="PT0S", to=To.HOLDER, recipient="p", via=Via.SLACK, due_at=NOW, state=state)
    assert mapping.notice_item(ORG, notice).agenda_at == keys.moment(NOW)


# --- sizes: one write unit is 1 KB ---


def test_a_typical_loan_is_below_one_kilobyte() -> None:
    assert size(mapping.loan_item(ORG, a_loan())) < 1024


def test_a_typical_profile_with_three_loans_and_a_door_with_its_grant_are_below_one_kilobyte() -> None:
    held = Holding(
        asset="laptop-0123",
        type="laptop-14",
        name="Laptop 14 inch #0123",
        tag="E28011700000020F5A1B2C3D",
        state="open",
        bank="hq-01",
        door=12,
        site="hq",
        since=NOW,
        until=NOW,
        evidence=Evidence.TAGS,
    )
    someone = person(
        name="Maya Lindqvist",
        email="maya.lindqvist@example.com",
        slack_id="U0123456789",
        groups=("crew", "electricians"),
        manager="p-0042",
        holdings={"u267ggl2lfukcandjbxlrlbjle": held},
        last_take=LastTake(site="hq", at=NOW),
    )
    assert size(mapping.person_item(ORG, someone)) < 1024
    content = Content(asset=held.asset, type=held.type, name=held.name, tag=held.tag, since=NOW)
    seqs = tuple((12, 4000 + number) for number in range(10))
    door = Door(bank="hq-01", number=12, contents=(content,), grant=a_grant(), seqs=seqs, version=4711)
    assert size(mapping.door_item(ORG, door)) < 1024


def test_an_asset_and_its_event_are_below_one_kilobyte() -> None:
    asset = drill(name="Laptop 14 inch #0123", serial="SN-0123-4567-89", tag="E28011700000020F5A1B2C3D")
    cause = Cause(
        op="u267ggl2lfukcandjbxlrlbjle",
        at=NOW,
        evidence=Evidence.TAGS,
        person="p-0042",
        bank="hq-01",
        door=12,
        grant="u267ggl2lfukcandjbxlrlbjle",
    )
    asset, _ = created(asset, replace(cause, op="new"))
    asset = replace(asset, state=State.STOWED, custodian=Custodian.at_door("hq-01", 12))
    asset, event = move(asset, Move.TAKEN, to=Custodian.person("p-0042"), cause=cause, loan=cause.grant)
    assert size(mapping.asset_item(ORG, asset)) < 1024
    assert size(ledger.to_item(ORG, event)) < 1024


def test_what_says_nothing_is_left_out() -> None:
    assert mapping.lean({"a": None, "b": [], "c": {}, "d": (), "e": 0, "f": "", "g": False, "h": [{"i": None}]}) == {
        "e": 0,
        "f": "",
        "g": False,
        "h": [{}],
    }
    assert "holdings" in mapping.person_item(ORG, person()).attribute_values  # updates write into it
    assert mapping.bank_item(ORG, bank()).attribute_values.keys() >= {"about", "state"}


def a_grant(**more: Any) -> Grant:
    given = {
        "id": "u267ggl2lfukcandjbxlrlbjle",
        "purpose": Purpose.TAKE,
        "state": GrantState.ISSUED,
        "person": "p-0042",
        "asset": "laptop-0123",
        "loan": "u267ggl2lfukcandjbxlrlbjle",
        "authorised_at": NOW,
        "expires_at": NOW,
        "evidence": Evidence.TAGS,
        "boot": 12,
    }
    return Grant(**{**given, **more})


def a_loan(**more: Any) -> Loan:
    ladder = (
        Step(offset=timedelta(minutes=-30), to=To.HOLDER, via=Via.SLACK),
        Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),
        Step(
            offset=timedelta(hours=2),
            to=To.SUPERVISOR,
            via=Via.EMAIL,
            repeat=Repeat(every=timedelta(days=1), until=timedelta(days=7)),
        ),
    )
    terms = Terms(
        policy="laptops-hq", period=Period(after=timedelta(hours=8)), curfew=Curfew(at=time(18)), ladder=ladder
    )
    given = {
        "id": "u267ggl2lfukcandjbxlrlbjle",
        "asset": "laptop-0123",
        "type": "laptop-14",
        "person": "p-0042",
        "site": "hq",
        "bank": "hq-01",
        "door": 12,
        "state": LoanState.OPEN,
        "authorised_at": NOW,
        "taken_at": NOW,
        "due_at": NOW,
        "terms": terms,
        "evidence": Evidence.TAGS,
        "next_step": NOW,
        "noted_until": NOW,
        "grants": {
            "u267ggl2lfukcandjbxlrlbjle": GrantState.USED,
            "u267ggl2lfukcandjbxlrlbjle.7d7m22wvo67p6rthyvmmijacaq": GrantState.ISSUED,
        },
    }
    return Loan(**{**given, **more})
