"""A ledger of some hundred events, and everything that can be done to one of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from tests.support.workplace import NOW, drill
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.doors import GrantState
from toolcrib.domain.events import Cause, CustodyEvent, created, digest, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.faults import EventRow, Fault, GuardRow, Leans, Row, StrayRow
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.domain.verifying import check_leans, check_ledger

ROUND = (
    (Move.STOW, Custodian.at_door("hq-01", 1), None),
    (Move.TAKEN, Custodian.person("p-1"), "loan"),
    (Move.RETURNED, Custodian.at_door("hq-01", 1), None),
    (Move.UNSTOW, Custodian.site("hq"), None),
    (Move.DECLARE_MISSING, Custodian.nobody(), None),
    (Move.FOUND, Custodian.site("hq"), None),
)
LENGTH = 241
EVERY = range(1, LENGTH + 1)
SOME = (1, 2, 3, 60, 119, 120, 239, 240)


@cache
def history() -> tuple[Asset, tuple[CustodyEvent, ...]]:
    asset, first = created(drill(), cause(1))
    events = [first]
    for number, (what, to, loan) in zip(range(2, LENGTH + 1), cycle(ROUND), strict=False):
        asset, event = move(asset, what, to=to, cause=cause(number), loan=loan)
        events.append(event)
    return asset, tuple(events)


def cause(number: int) -> Cause:
    at = NOW + timedelta(minutes=number)
    return Cause(op=f"op-{number}", at=at, evidence=Evidence.TAGS, grant=f"g-{number}", detail={"by": "sub"})


def rows() -> list[Row]:
    events = [EventRow(key=event.seq, hash=event.hash, event=event) for event in history()[1]]
    return [*events, *(GuardRow(op=f"op-{number}", seq=number) for number in EVERY)]


def first(of: Sequence[Row]) -> Fault | None:
    return next(check_ledger(history()[0], of), None)


def rehashed(events: Sequence[CustodyEvent]) -> list[Row]:
    """What somebody writes who recomputes the whole chain."""
    head = ""
    made: list[Row] = []
    for event in events:
        linked = replace(event, prev_hash=head)
        head = digest(linked)
        made.append(EventRow(key=event.seq, hash=head, event=replace(linked, hash=head)))
    return made


def test_what_nobody_touched_fits() -> None:
    assert list(check_ledger(history()[0], rows())) == []


def test_whichever_event_is_deleted_is_named() -> None:
    for number in EVERY[:-1]:
        fault = first([row for row in rows() if not (isinstance(row, EventRow) and row.key == number)])
        assert fault is not None
        assert f"event {number} is missing" in fault.why


def test_the_last_event_is_missed_too() -> None:
    fault = first(rows()[: LENGTH - 1])
    assert fault == Fault(
        rule="I2", thing="asset drill-1", why=f"its ledger ends at event {LENGTH - 1}, its state is at version {LENGTH}"
    )


ALTERED: list[Callable[[CustodyEvent], CustodyEvent]] = [
    lambda event: replace(event, person="p-9"),
    lambda event: replace(event, at=event.at + timedelta(milliseconds=1)),
    lambda event: replace(event, evidence=Evidence.DECLARED),
    lambda event: replace(event, detail={"by": "somebody else"}),
    lambda event: replace(event, op="op-x"),
    lambda event: replace(event, loan="l-9"),
    lambda event: replace(event, state=State.RETIRED),
    lambda event: replace(event, to=Custodian.person("p-9")),
]


@pytest.mark.parametrize("alter", ALTERED)
def test_whatever_is_altered_in_an_event_names_that_event(alter: Callable[[CustodyEvent], CustodyEvent]) -> None:
    for number in SOME:
        tampered = rows()
        event = history()[1][number - 1]
        tampered[number - 1] = EventRow(key=number, hash=event.hash, event=alter(event))
        fault = first(tampered)
        assert fault is not None
        assert fault.why == f"event {number} was altered: its hash does not fit what it says"


def test_an_event_altered_with_its_own_hash_no_longer_leads_to_the_next() -> None:
    for number in SOME:
        tampered = rows()
        event = replace(history()[1][number - 1], person="p-9")
        forged = replace(event, hash=digest(event))
        tampered[number - 1] = EventRow(key=number, hash=forged.hash, event=forged)
        fault = first(tampered)
        assert fault is not None
        assert fault.why == f"event {number + 1} does not follow event {number}: its prev_hash is another"


def test_whichever_two_events_are_exchanged_the_first_of_them_is_named() -> None:
    for number in EVERY[:-1]:
        tampered = rows()
        one, other = history()[1][number - 1 : number + 1]
        tampered[number - 1] = EventRow(key=number, hash=other.hash, event=other)
        tampered[number] = EventRow(key=number + 1, hash=one.hash, event=one)
        fault = first(tampered)
        assert fault is not None
        assert fault.why == f"event {number} is out of place: it says it is {number + 1} of drill-1"


def test_an_event_slipped_in_anywhere_is_named() -> None:
    for number in SOME:
        events = list(history()[1])
        slipped_in = replace(events[number - 1], op="op-forged")
        moved_on = [*events[:number], slipped_in, *events[number:]]
        tampered = [EventRow(key=key, hash=event.hash, event=event) for key, event in enumerate(moved_on, start=1)]
        fault = first(tampered)
        assert fault is not None
        assert f"event {number + 1} is out of place" in fault.why


def test_a_chain_recomputed_as_a_whole_does_not_lead_to_the_head_on_record() -> None:
    for number in SOME:
        events = list(history()[1])
        events[number - 1] = replace(events[number - 1], person="p-9")
        fault = first(rehashed(events))
        assert fault is not None
        assert fault.why == f"its state names another head than event {LENGTH} has"


def test_an_event_added_after_the_last_is_named() -> None:
    asset, events = history()
    _, more = move(asset, Move.STOW, to=Custodian.at_door("hq-01", 1), cause=cause(LENGTH + 1))
    fault = first(rehashed((*events, more)))
    assert fault is not None
    assert fault.why == f"its ledger ends at event {LENGTH + 1}, its state is at version {LENGTH}"


def test_what_does_not_read_as_an_event_is_named() -> None:
    for broken in ({"event": None}, {"exact": False}):
        tampered = rows()
        tampered[41] = replace(tampered[41], **broken)
        fault = first(tampered)
        assert fault is not None
        assert fault.why == "event 42 was altered: it does not read as an event"


def test_a_move_that_the_state_table_has_not_is_named_even_with_good_hashes() -> None:
    events = list(history()[1])
    events[2] = replace(events[2], state=State.LOST)
    assert any("event 3 leads from stowed by taken to lost" in fault.why for fault in faults(rehashed(events)))
    assert any(fault.rule == "I1" for fault in faults(rehashed(events)))


def test_an_event_that_begins_elsewhere_is_named_even_with_good_hashes() -> None:
    events = list(history()[1])
    events[5] = replace(events[5], from_=Custodian.person("p-9"))
    assert any("event 6 takes it from person p-9, not" in fault.why for fault in faults(rehashed(events)))


def test_one_operation_twice_and_one_grant_twice_are_named_even_with_good_hashes() -> None:
    events = list(history()[1])
    events[8] = replace(events[8], op="op-3", grant="g-3")
    why = [fault.why for fault in faults(rehashed(events)) if fault.rule == "I3"]
    assert "event 9 is by op-3, which event 3 is by already" in why
    assert "event 9 repeats event 3: taken under grant g-3" in why


def test_a_guard_that_stands_beside_nothing_is_named() -> None:
    for guard in (GuardRow(op="op-nobody", seq=3), GuardRow(op="op-4", seq=3)):
        fault = first([*rows(), guard])
        assert fault is not None
        assert (fault.rule, "guard" in fault.why) == ("I3", True)


def test_a_stray_item_is_named() -> None:
    fault = first([*rows(), StrayRow(key="EVENT#17b")])
    assert fault is not None
    assert "EVENT#17b" in fault.why


@pytest.mark.parametrize(
    "on_record",
    [
        {"state": State.RETIRED},
        {"custodian": Custodian.person("p-9")},
        {"loan": "l-9"},
        {"case": "c"},
        {"unsettled_by": "g"},
    ],
)
def test_a_state_that_its_events_do_not_lead_to_is_named(on_record: dict[str, Any]) -> None:
    asset = replace(history()[0], **on_record)
    fault = next(check_ledger(asset, rows()))
    assert fault.why == f"its {next(iter(on_record))} is not what its events say"


def faults(of: Sequence[Row]) -> list[Fault]:
    guards = (GuardRow(op=row.event.op, seq=row.key) for row in of if isinstance(row, EventRow) and row.event)
    return list(check_ledger(history()[0], [*of, *guards]))


def test_an_event_without_a_guard_leans_on_a_loan_that_remembers_its_grant() -> None:
    unguarded = [row for row in rows() if not isinstance(row, GuardRow) or row.seq not in {3, 4}]
    leans = Leans()
    assert list(check_ledger(history()[0], unguarded, leans)) == []
    assert (leans.grants, leans.loans) == ({3: "g-3", 4: "g-4"}, {"loan", "g-3", "g-4"})
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
    loan = Loan(
        id="loan",
        asset="drill-1",
        type="drill",
        person="p-1",
        site="hq",
        bank="hq-01",
        door=1,
        authorised_at=NOW,
        due_at=NOW,
        state=LoanState.OPEN,
        terms=terms,
    )
    loans = {"loan": loan, "g-3": replace(loan, grants={"g-3": GrantState.USED}), "g-4": loan}
    why = [fault.why for fault in check_leans(history()[0], leans, loans)]
    assert why == ["event 4 has no guard, and no loan remembers its grant g-4"]
    why = [fault.why for fault in check_leans(history()[0], leans, {})]
    assert why[0] == "its events name loan g-3, which there is not"


def test_an_event_that_no_loan_can_remember_needs_its_own_guard() -> None:
    asset, event = created(drill(), replace(cause(1), grant=None))
    rows_ = [EventRow(key=1, hash=event.hash, event=event)]
    assert [fault.why for fault in check_ledger(asset, rows_)] == ["event 1 has no guard"]
    asset, event = created(drill(), replace(cause(1), grant="s.service"))
    rows_ = [EventRow(key=1, hash=event.hash, event=event)]
    assert [fault.why for fault in check_ledger(asset, rows_)] == ["event 1 has no guard"]
