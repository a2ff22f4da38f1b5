"""Every fault of a ledger by its rule, its thing and its words; and moves whose end depends on the place."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

import pytest

from tests.support.workplace import NOW, drill
from toolcrib.domain.assets import GENESIS, Asset, Custodian
from toolcrib.domain.doors import GrantState
from toolcrib.domain.events import Cause, CustodyEvent, created, digest, move, replay
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.faults import EventRow, GuardRow, Leans, Row, StrayRow
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.domain.verifying import before_its_first_event, check_leans, check_ledger

DOOR, OTHER = Custodian.at_door("hq-01", 1), Custodian.at_door("hq-01", 2)
ANNA, SHOP, ROOM, NOBODY = Custodian.person("p-1"), Custodian.workshop(), Custodian.site("hq"), Custodian.nobody()
CHANGED: dict[str, Any] = {
    "state": State.LOST,
    "custodian": ANNA,
    "loan": "l",
    "unsettled_by": "g",
    "case": "c",
    "lent": 7,
    "lent_at": NOW,
}
"""Another value for everything that a replay makes."""
Told = tuple[Move, Custodian]
LENT: tuple[Told, ...] = ((Move.STOW, DOOR), (Move.TAKEN, ANNA), (Move.RETURNED, DOOR))


def cause(number: int, **more: Any) -> Cause:
    given = {"op": f"op-{number}", "grant": f"g-{number}", **more}
    return Cause(at=NOW + timedelta(minutes=number), evidence=Evidence.TAGS, **given)


def history(*moves: Told) -> tuple[Asset, list[CustodyEvent]]:
    asset, first = created(drill(), cause(1))
    events = [first]
    for number, (what, to) in enumerate(moves, start=2):
        asset, event = move(asset, what, to=to, cause=cause(number))
        events.append(event)
    return asset, events


def rows(events: Sequence[CustodyEvent]) -> list[Row]:
    stored = [EventRow(key=event.seq, hash=event.hash, event=event) for event in events]
    return [*stored, *(GuardRow(op=event.op, seq=event.seq) for event in events)]


def chained(events: Sequence[CustodyEvent]) -> list[CustodyEvent]:
    """What somebody writes who recomputes every hash."""
    head, made = GENESIS, list[CustodyEvent]()
    for event in events:
        linked = replace(event, prev_hash=head)
        head = digest(linked)
        made.append(replace(linked, hash=head))
    return made


def faults(asset: Asset, of: Sequence[Row]) -> list[str]:
    return [str(fault) for fault in check_ledger(asset, of)]


def forged(number: int, *moves: Told, **with_: Any) -> list[str]:
    """Return what is found where one event says something else, and hashes and record fit."""
    asset, events = history(*(moves or LENT))
    events[number - 1] = replace(events[number - 1], **with_)
    events = chained(events)
    return faults(reduce(replay, events, before_its_first_event(asset)), rows(events))


def test_a_replay_begins_with_the_asset_as_it_is_described_and_nowhere() -> None:
    asset, _ = history(*LENT)
    busy = replace(asset, **CHANGED)

    assert before_its_first_event(busy) == replace(
        drill(),
        state=State.STORED,
        custodian=NOBODY,
        loan=None,
        unsettled_by=None,
        case=None,
        lent=0,
        lent_at=None,
        version=0,
        head=GENESIS,
    )
    assert GENESIS == ""


@pytest.mark.parametrize(
    "moves",
    [
        LENT,
        ((Move.STOW, DOOR), (Move.SEND_TO_REPAIR, DOOR), (Move.REPAIRED, DOOR)),
        ((Move.STOW, DOOR), (Move.SEND_TO_REPAIR, SHOP), (Move.REPAIRED, ROOM)),
        ((Move.STOW, DOOR), (Move.SEEN, DOOR)),
        ((Move.STOW, DOOR), (Move.SEEN, OTHER)),
        ((Move.DECLARE_MISSING, NOBODY), (Move.DECLARE_LOST, NOBODY), (Move.RETIRE, NOBODY)),
    ],
)
def test_whatever_may_happen_fits(moves: Sequence[Told]) -> None:
    asset, events = history(*moves)

    assert faults(asset, rows(events)) == []


def test_what_was_repaired_in_its_door_is_stowed_and_nothing_else() -> None:
    moves = ((Move.STOW, DOOR), (Move.SEND_TO_REPAIR, DOOR), (Move.REPAIRED, DOOR))

    assert forged(4, *moves, state=State.STORED) == [
        "I1: asset drill-1: event 4 leaves it stored with door hq-01, door 1",
        "I2: asset drill-1: event 4 leads from in_repair by repaired to stored",
    ]


def test_what_was_seen_in_another_door_is_unconfirmed_and_nothing_else() -> None:
    assert forged(3, (Move.STOW, DOOR), (Move.SEEN, OTHER), state=State.STOWED) == [
        "I2: asset drill-1: event 3 leads from stowed by seen to stowed",
    ]


def test_a_move_that_no_table_has_leads_nowhere() -> None:
    assert forged(3, move=Move.FOUND) == ["I2: asset drill-1: event 3 leads from stowed by found to on_loan"]


def test_the_second_event_leads_where_the_table_says_as_well() -> None:
    assert forged(2, (Move.STOW, DOOR), state=State.UNCONFIRMED) == [
        "I2: asset drill-1: event 2 leads from stored by stow to unconfirmed"
    ]


def test_an_event_begins_where_the_one_before_ended() -> None:
    for elsewhere, told in (
        (Custodian.person("p-9"), "person p-9"),
        (OTHER, "door hq-01, door 2"),
        (NOBODY, "nobody"),
        (SHOP, "workshop"),
    ):
        assert forged(3, from_=elsewhere) == [
            f"I2: asset drill-1: event 3 takes it from {told}, not door hq-01, door 1"
        ]


def test_creation_is_the_first_event_and_the_first_event_is_a_creation() -> None:
    assert forged(1, move=Move.STOW) == ["I2: asset drill-1: event 1 is a stow"]
    assert forged(3, move=Move.CREATE) == ["I2: asset drill-1: event 3 is a create"]


def test_a_first_event_may_leave_it_where_no_other_would() -> None:
    assert forged(1, to=ANNA)[0] == "I1: asset drill-1: event 1 leaves it stored with person p-1"
    assert not any("leads from" in each for each in forged(1, state=State.MISSING, to=NOBODY))


def test_one_operation_twice_is_named_once_for_each_repetition() -> None:
    assert forged(4, op="op-2") == [
        "I3: asset drill-1: event 4 is by op-2, which event 2 is by already",
        "I3: asset drill-1: the guard of op-2 stands beside event 4, which is not its own",
    ]


def test_a_grant_takes_once_and_returns_once() -> None:
    moves = (*LENT, (Move.TAKEN, ANNA), (Move.RETURNED, DOOR))
    assert forged(5, *moves, grant="g-3") == ["I3: asset drill-1: event 5 repeats event 3: taken under grant g-3"]
    assert forged(6, *moves, grant="g-4") == ["I3: asset drill-1: event 6 repeats event 4: returned under grant g-4"]
    assert forged(4, grant="g-3") == []
    assert forged(4, (Move.STOW, DOOR), (Move.SEEN, DOOR), (Move.SEEN, DOOR), grant="g-3") == []
    assert forged(4, *moves, grant=None) == []


def test_a_fault_does_not_hide_the_next() -> None:
    asset, events = history(*LENT)
    kept = [event for event in events if event.seq != 2]
    assert faults(asset, rows(kept)) == [
        "I2: asset drill-1: event 2 is missing: the next one there is 3",
        "I3: asset drill-1: the guard of op-3 stands beside event 3, which is not its own",
    ]
    unread = [replace(row, event=None) if row.key == 2 else row for row in rows(events) if isinstance(row, EventRow)]
    found = faults(asset, [*unread, *rows(events)[len(events) :]])
    assert found == [
        "I2: asset drill-1: event 2 was altered: it does not read as an event",
        "I2: asset drill-1: event 3 takes it from door hq-01, door 1, not site hq",
        "I2: asset drill-1: event 3 leads from stored by taken to on_loan",
        "I3: asset drill-1: the guard of op-2 stands beside event 2, which is not its own",
    ]


def test_of_two_exchanged_events_both_are_out_of_place_and_none_is_missing() -> None:
    asset, events = history(*LENT)
    of = rows(events)
    of[1] = EventRow(key=2, hash=events[2].hash, event=events[2])
    of[2] = EventRow(key=3, hash=events[1].hash, event=events[1])
    assert [fault for fault in faults(asset, of) if fault.startswith("I2")] == [
        "I2: asset drill-1: event 2 is out of place: it says it is 3 of drill-1",
        "I2: asset drill-1: event 3 is out of place: it says it is 2 of drill-1",
        "I2: asset drill-1: event 4 does not follow event 3: its prev_hash is another",
    ]


def test_an_event_of_another_asset_is_out_of_place() -> None:
    asset, events = history(*LENT)
    events[2] = replace(events[2], asset="drill-2")
    assert faults(asset, rows(events))[0] == "I2: asset drill-1: event 3 is out of place: it says it is 3 of drill-2"


def test_a_hash_that_does_not_fit_is_named_wherever_it_stands() -> None:
    asset, events = history(*LENT)
    told = "I2: asset drill-1: event 3 was altered: its hash does not fit what it says"
    for wrong in (
        EventRow(key=3, hash=events[2].hash, event=replace(events[2], hash="0" * 64)),
        EventRow(key=3, hash=events[2].hash, event=replace(events[2], person="p-9")),
    ):
        of = rows(events)
        of[2] = wrong
        assert faults(asset, of)[0] == told


def test_a_forged_event_breaks_the_chain_behind_it() -> None:
    asset, events = history(*LENT)
    alone = replace(events[1], person="p-9")
    events[1] = replace(alone, hash=digest(alone))
    assert faults(asset, rows(events)) == [
        "I2: asset drill-1: event 3 does not follow event 2: its prev_hash is another",
        "I3: asset drill-1: the guard of op-3 stands beside event 3, which is not its own",
    ]


def test_guards_and_strays_are_named_by_what_they_are() -> None:
    asset, events = history(*LENT)
    assert faults(asset, [*rows(events), GuardRow(op="op-x", seq=3)]) == [
        "I3: asset drill-1: the guard of op-x stands beside event 3, which is not its own"
    ]
    assert faults(asset, [StrayRow(key="EVENT#17b"), *rows(events)]) == [
        "I2: asset drill-1: there is a stray item EVENT#17b in its ledger"
    ]


def test_the_state_is_where_the_ledger_ends() -> None:
    asset, events = history(*LENT)
    whole = rows(events)
    assert faults(replace(asset, version=7), whole) == [
        "I2: asset drill-1: its ledger ends at event 4, its state is at version 7"
    ]
    assert faults(replace(asset, head="0" * 64), whole) == [
        "I2: asset drill-1: its state names another head than event 4 has"
    ]
    assert faults(replace(asset, **CHANGED), whole) == [
        f"I2: asset drill-1: its {name} is not what its events say" for name in CHANGED
    ]


def test_an_event_without_a_guard_leans_on_its_loan_only_where_a_loan_has_such_a_grant() -> None:
    asset, events = history(*LENT)
    bare = [row for row in rows(events) if not isinstance(row, GuardRow) or row.seq == 1]
    leans = Leans()
    assert list(check_ledger(asset, bare, leans)) == []
    assert leans == Leans(loans={"g-2", "g-3", "g-4"}, grants={2: "g-2", 3: "g-3", 4: "g-4"})
    for grant in (None, "s.service"):
        unguarded = chained([replace(event, grant=grant) if event.seq == 3 else event for event in events])
        kept = [row for row in rows(unguarded) if not isinstance(row, GuardRow) or row.seq != 3]
        assert faults(replace(asset, head=unguarded[-1].hash), kept) == ["I3: asset drill-1: event 3 has no guard"]


def test_what_a_ledger_leans_on_is_named_in_order() -> None:
    asset, _ = history()
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
    whose: dict[str, Any] = {"asset": "drill-1", "type": "drill", "person": "p-1", "site": "hq", "bank": "hq-01"}
    loan = Loan(id="a", door=1, authorised_at=NOW, due_at=NOW, state=LoanState.OPEN, terms=terms, grants={}, **whose)
    leans = Leans(loans={"b", "c", "a"}, grants={9: "a.x", 5: "a", 2: "s.service", 3: "b"})
    remembering = replace(loan, grants={"a": GrantState.USED})
    assert [str(fault) for fault in check_leans(asset, leans, {"a": remembering})] == [
        "references: asset drill-1: its events name loan b, which there is not",
        "references: asset drill-1: its events name loan c, which there is not",
        "I3: asset drill-1: event 2 has no guard, and no loan remembers its grant s.service",
        "I3: asset drill-1: event 3 has no guard, and no loan remembers its grant b",
        "I3: asset drill-1: event 9 has no guard, and no loan remembers its grant a.x",
    ]
