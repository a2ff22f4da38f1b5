"""What was taken from a bank that was alone: on loan where it fits the record, doubted with both claims where not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEFORE,
    HERE,
    NEXT,
    NOW,
    PERIOD,
    became,
    change_of,
    door,
    drill,
    grant,
    loan,
    report,
    said,
    scene,
)
from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import Bank, GrantState, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offline.use import ToldAlone, Use, UseKind
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Terms
from toolcrib.domain.reports.alone.settle import settle
from toolcrib.domain.reports.scene import Outcome, Report
from toolcrib.domain.states import Move, State

BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.EXPRESS)
EIGHT = timedelta(hours=8)
WHERE: dict[str, Any] = {"bank": "hq-01", "door": 1}
BY_ROSTER = {"offline": "r-1"}


def use(**more: Any) -> Use:
    """Ana came to take the first drill; her roster let her."""
    person = Person(id="ana", name="Ana")
    known = {"asset": "drill-1", "person": person, "entitled": frozenset({"drill"})}
    return Use(**{"kind": UseKind.TAKE, "roster": "r-1", "bank": BANK, **known, **more})


def alone(outcome: Outcome = Outcome.CLOSED, **more: Any) -> Report:
    return report(outcome, **{"grant": None, "evidence": Evidence.TAGS, **more})


def cases(change: Change) -> list[dict[str, Any]]:
    """Return the cases without their ids."""
    return [{name: value for name, value in said(each).items() if name != "id"} for each in change.cases]


def known(what: dict[str, Any]) -> dict[str, Any]:
    """Return it without what is None: nobody is never said."""
    return {name: value for name, value in what.items() if value is not None}


def case(kind: CaseKind, **more: Any) -> dict[str, Any]:
    known = {"kind": kind, "opened_at": NOW, "site": "hq", **WHERE, "person": "ana", "evidence": Evidence.TAGS}
    return {**known, **more}


def event(what: Move, state: State, **more: Any) -> dict[str, Any]:
    known = {"asset": "drill-1", "at": NOW, "move": what, "state": state, "to": ANA, "person": "ana", **WHERE}
    return {**known, "evidence": Evidence.TAGS, "op": "up-1", "detail": BY_ROSTER, **more}


def test_what_is_gone_is_on_loan_from_that_moment_and_what_the_rules_say_against_it_is_a_case() -> None:
    at = door(drill(), physical="open")
    got = settle(scene(alone(tags=()), at, drill()), use())
    change = change_of(got)
    assert (got.name, got.told, change.op, change.guard) == ("alone_taken", (), "up-1", True)
    assert change.alone == ToldAlone(bank="hq-01", report="up-1")
    assert [said(each) for each in change.events] == [event(Move.TAKEN, State.ON_LOAN, loan="up-1")]
    assert change.loans == (
        Loan(
            id="up-1",
            asset="drill-1",
            type="drill",
            person="ana",
            site="hq",
            **WHERE,
            state=LoanState.OPEN,
            authorised_at=NOW,
            taken_at=NOW,
            due_at=NOW + EIGHT,
            grants={"up-1": GrantState.USED},
            evidence=Evidence.TAGS,
            terms=Terms(policy="fallback", period=PERIOD),
            proofs=BY_ROSTER,
            noted_until=NOW,
            version=1,
        ),
    )
    assert became(at, change.doors[0]) == {"contents": (), "physical": "closed", "seqs": ((2, 7),), "version": 10}
    assert [(each.person, list(each.put)) for each in change.holdings] == [("ana", ["up-1"])]
    assert cases(change) == [case(CaseKind.NOT_ENTITLED, asset="drill-1", loan="up-1", detail="no_access")]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"entitled": frozenset()}, "not_in_roster, no_access"),
        ({"against": "expired"}, "expired, no_access"),
        ({"against": "expired", "entitled": frozenset()}, "expired, no_access"),
    ],
)
def test_the_case_says_what_spoke_against_the_take(about: dict[str, Any], says: str) -> None:
    change = change_of(settle(scene(alone(tags=()), door(drill()), drill()), use(**about)))
    assert [each.detail for each in change.cases] == [says]


@pytest.mark.parametrize(
    ("ends", "due"), [(NOW + timedelta(hours=1), NOW + timedelta(hours=1)), (NOW, None), (BEFORE, None), (None, None)]
)
def test_whose_time_was_over_already_is_not_late_from_the_first_moment(ends: Any, due: Any) -> None:
    leaving = Person(id="ana", name="Ana", valid_until=ends)
    change = change_of(settle(scene(alone(tags=()), door(drill()), drill()), use(person=leaving)))
    assert (change.loans[0].valid_until, change.loans[0].due_at) == (due, due or NOW + EIGHT)


@pytest.mark.parametrize("named", [None, "drill-1"])
def test_what_is_seen_to_be_there_still_was_not_taken(named: str | None) -> None:
    at = door(drill(), physical="open")
    got = settle(scene(alone(tags=("E1",)), at, drill()), use(asset=named))
    change = change_of(got)
    assert (got.name, change.events, change.cases, change.loans, change.guard) == ("alone_not_taken", (), (), (), False)
    assert became(at, change.doors[0]) == {"physical": "closed", "seqs": ((2, 7),), "version": 10}


@pytest.mark.parametrize(("tags", "gone"), [(("E2",), "drill-1"), (("E1",), "drill-2")])
def test_what_the_bank_does_not_name_is_the_one_thing_that_is_gone(tags: tuple[str, ...], gone: str) -> None:
    got = settle(scene(alone(tags=tags), door(drill(), drill(2)), drill(), drill(2)), use(asset=None))
    assert got.name == "alone_taken"
    assert [each.asset for each in change_of(got).events] == [gone]


def test_of_two_things_gone_that_nobody_named_each_is_unconfirmed_with_the_person() -> None:
    got = settle(scene(alone(tags=()), door(drill(), drill(2)), drill(), drill(2)), use(asset=None))
    change = change_of(got)
    assert (got.name, change.loans) == ("alone_wrong_item", ())
    assert [(each.asset, each.move, each.state, each.to) for each in change.events] == [
        ("drill-1", Move.NOT_SEEN, State.UNCONFIRMED, ANA),
        ("drill-2", Move.NOT_SEEN, State.UNCONFIRMED, ANA),
    ]
    assert [(each.kind, each.asset) for each in change.cases] == [
        (CaseKind.WRONG_ITEM, "drill-1"),
        (CaseKind.WRONG_ITEM, "drill-2"),
    ]


def test_another_thing_gone_beside_the_one_that_was_named_is_a_wrong_item() -> None:
    got = settle(scene(alone(tags=()), door(drill(), drill(2)), drill(), drill(2)), use())
    change = change_of(got)
    assert got.name == "alone_wrong_item"
    assert [(each.asset, each.move) for each in change.events] == [
        ("drill-1", Move.TAKEN),
        ("drill-2", Move.NOT_SEEN),
    ]


@pytest.mark.parametrize("inside", [(), (drill(), drill(2))])
def test_where_nobody_knows_what_was_taken_a_person_has_to_look(inside: tuple[Any, ...]) -> None:
    at = door(*inside)
    got = settle(scene(alone(evidence=Evidence.DOOR_ONLY), at, *inside), use(asset=None))
    change = change_of(got)
    assert (got.name, change.events, change.loans) == ("alone_conflict", (), ())
    detail = "bank: take of nobody knows what, roster r-1"
    assert cases(change) == [case(CaseKind.OFFLINE_CONFLICT, detail=detail, evidence=Evidence.DOOR_ONLY)]
    assert became(at, change.doors[0]) == {"unlendable": "unexpected_item", "seqs": ((2, 7),), "version": 10}


def test_what_the_record_has_elsewhere_is_doubted_and_one_case_keeps_both_claims() -> None:
    there = door(drill(custodian=NEXT), number=2)
    at, thing = door(), drill(custodian=NEXT)
    got = settle(scene(alone(tags=()), at, thing, elsewhere={"drill-1": there}), use())
    change = change_of(got)
    assert (got.name, change.loans) == ("alone_conflict", ())
    detail = "bank: take, roster r-1; record: stowed, door hq-01 door 2"
    about = {"asset": "drill-1", "waiting": ("drill-1",), "detail": detail}
    assert cases(change) == [case(CaseKind.OFFLINE_CONFLICT, **about)]
    assert [said(each) for each in change.events] == [event(Move.NOT_SEEN, State.UNCONFIRMED, case=change.cases[0].id)]
    assert {each.number: (each.unlendable, each.contents) for each in change.doors} == {
        1: ("unexpected_item", ()),
        2: ("unexpected_item", ()),
    }


def test_what_is_out_on_somebodys_loan_stays_owed_by_them_and_they_are_left_in_peace() -> None:
    thing = drill(state=State.ON_LOAN, custodian=ANA, loan="take")
    begun = loan(state=LoanState.OPEN, taken_at=BEFORE)
    ben = Person(id="ben", name="Ben")
    change = change_of(settle(scene(alone(tags=()), door(), thing, begun), use(person=ben)))
    assert [(each.move, each.state, each.to, each.loan) for each in change.events] == [
        (Move.SEEN, State.UNCONFIRMED, ANA, "take")
    ]
    assert became(begun, change.loans[0]) == {"paused_until": NOW + timedelta(days=7), "version": 4}
    assert [(each.person, each.loan, each.detail) for each in change.cases] == [
        ("ben", "take", "bank: take, roster r-1; record: on_loan, person ana")
    ]


@pytest.mark.parametrize("state", [State.IN_REPAIR, State.UNCONFIRMED])
def test_what_lies_there_in_another_state_is_a_conflict(state: State) -> None:
    thing = drill(state=state)
    change = change_of(settle(scene(alone(tags=()), door(thing), thing), use()))
    assert [each.kind for each in change.cases] == [CaseKind.OFFLINE_CONFLICT]
    assert len(change.events) == (0 if state is State.UNCONFIRMED else 1)
    assert change.doors[0].contents == ()


def test_what_a_grant_holds_by_now_is_a_conflict() -> None:
    got = settle(scene(alone(tags=()), door(drill(), grant=grant()), drill()), use())
    assert got.name == "alone_conflict"
    assert change_of(got).doors[0].grant == grant()


def test_a_badge_of_nobody_that_took_something_leaves_it_last_seen_at_the_door() -> None:
    at = door(drill())
    got = settle(scene(alone(tags=()), at, drill()), use(person=None))
    change = change_of(got)
    assert (got.name, change.loans) == ("alone_by_nobody", ())
    about = {"asset": "drill-1", "waiting": ("drill-1",), "person": None}
    detail = "bank: take, roster r-1; record: stowed, door hq-01 door 1"
    assert cases(change) == [known(case(CaseKind.OFFLINE_STRANGER, detail=detail, **about))]
    seen = event(Move.NOT_SEEN, State.UNCONFIRMED, to=HERE, case=change.cases[0].id, person=None)
    assert [said(each) for each in change.events] == [known(seen)]
    now = {"contents": (), "unlendable": "unexpected_item", "seqs": ((2, 7),), "version": 10}
    assert became(at, change.doors[0]) == now


@pytest.mark.parametrize(
    ("thing", "move", "record"),
    [
        (drill(state=State.IN_REPAIR), Move.TAKEN, "in_repair, door hq-01 door 1"),
        (drill(custodian=NEXT), Move.NOT_SEEN, "stowed, door hq-01 door 2"),
        (drill(state=State.LOST, custodian=Custodian(kind=CustodianKind.NOBODY)), Move.TAKEN, "lost, nobody -"),
    ],
    ids=["in repair here", "stowed elsewhere", "lost"],
)
def test_what_a_badge_of_nobody_took_against_the_record_is_unconfirmed_and_its_case_keeps_both_claims(
    thing: Asset, move: Move, record: str
) -> None:
    at = door(thing) if thing.custodian == HERE else door()
    got = settle(scene(alone(tags=()), at, thing), use(person=None))
    change = change_of(got)
    assert got.name == "alone_by_nobody"
    assert [(each.move, each.state, each.to, each.person) for each in change.events] == [
        (move, State.UNCONFIRMED, HERE, None)
    ]
    assert [(each.kind, each.detail) for each in change.cases] == [
        (CaseKind.OFFLINE_STRANGER, f"bank: take, roster r-1; record: {record}")
    ]
    assert (change.doors[0].contents, change.doors[0].unlendable) == ((), "unexpected_item")


@pytest.mark.parametrize(("named", "doubted"), [("drill-1", ["drill-1"]), (None, ["drill-1", "drill-2"])])
def test_where_nobody_knows_how_it_ended_what_may_be_gone_is_unconfirmed_with_the_person(
    named: str | None, doubted: list[str]
) -> None:
    at = door(drill(), drill(2), grant=grant())
    got = settle(scene(alone(Outcome.UNRESOLVED), at, drill(), drill(2)), use(asset=named))
    change = change_of(got)
    assert got.name == "alone_unresolved"
    about = {"asset": named} if named else {}
    assert cases(change) == [case(CaseKind.UNRESOLVED, waiting=tuple(doubted), **about)]
    assert [said(each) for each in change.events] == [
        event(Move.UNRESOLVED, State.UNCONFIRMED, asset=each, case=change.cases[0].id) for each in doubted
    ]
    left = tuple(each for each in at.contents if each.asset not in doubted)
    now = {"contents": left, "physical": "unknown", "unlendable": "unresolved", "seqs": ((2, 7),), "version": 10}
    assert became(at, change.doors[0]) == now
    assert {each.person for each in change.holdings} == {"ana"}
    assert all(isinstance(each, Holdings) for each in change.holdings)


def test_where_a_badge_of_nobody_ended_nobody_knows_how_all_that_lay_there_was_last_seen_at_the_door() -> None:
    thing = drill(2, state=State.IN_REPAIR)
    here = scene(alone(Outcome.UNRESOLVED), door(drill(), thing), drill(), thing)
    change = change_of(settle(here, use(person=None, asset="unheard-of")))
    assert [(each.asset, each.to, each.person) for each in change.events] == [
        ("drill-1", HERE, None),
        ("drill-2", HERE, None),
    ]
    assert [each.asset for each in change.cases] == [None]
    assert change.doors[0].contents == ()


@pytest.mark.parametrize(
    ("thing", "move", "record"),
    [
        (drill(state=State.STORED, custodian=Custodian(kind=CustodianKind.NOBODY)), Move.TAKEN, "stored, nobody -"),
        (drill(custodian=NEXT), Move.NOT_SEEN, "stowed, door hq-01 door 2"),
    ],
    ids=["in the store room", "in another door"],
)
def test_what_may_have_been_taken_and_is_on_record_elsewhere_by_now_is_unconfirmed_with_the_person_and_both_claims(
    thing: Asset, move: Move, record: str
) -> None:
    elsewhere = {"drill-1": door(thing, number=2)} if thing.custodian == NEXT else {}
    at = door(drill(2))
    got = settle(scene(alone(Outcome.UNRESOLVED), at, thing, drill(2), elsewhere=elsewhere), use())
    change = change_of(got)
    assert got.name == "alone_unresolved"
    assert [(each.asset, each.move, each.state, each.to) for each in change.events] == [
        ("drill-1", move, State.UNCONFIRMED, ANA)
    ]
    assert [(each.kind, each.asset, each.detail) for each in change.cases] == [
        (CaseKind.UNRESOLVED, "drill-1", f"bank: take, roster r-1; record: {record}")
    ]
    assert [list(each.put) for each in change.holdings] == [["x.drill-1"]]
    now = {"physical": "unknown", "unlendable": "unresolved", "seqs": ((2, 7),), "version": 10}
    assert became(at, change.doors[0]) == now
    assert [(each.number, each.unlendable) for each in change.doors[1:]] == [(2, "unexpected_item") for _ in elsewhere]


def test_what_waits_for_the_workshop_in_its_door_may_have_been_taken_too() -> None:
    thing = drill(state=State.IN_REPAIR)
    change = change_of(settle(scene(alone(Outcome.UNRESOLVED), door(thing), thing), use()))
    assert [(each.move, each.state, each.to) for each in change.events] == [(Move.UNRESOLVED, State.UNCONFIRMED, ANA)]
    assert change.doors[0].contents == ()


def test_what_was_put_in_since_was_not_taken_then_whoever_may_have() -> None:
    at = door(drill(), since=NOW + timedelta(seconds=1))
    change = change_of(settle(scene(alone(Outcome.UNRESOLVED), at, drill()), use()))
    assert (change.events, [each.asset for each in change.cases]) == ((), ["drill-1"])
    assert (change.doors[0].contents, change.doors[0].unlendable) == (at.contents, "unresolved")


def test_what_was_put_in_since_is_not_what_the_report_speaks_of() -> None:
    since = door(drill(), since=NOW + timedelta(seconds=1))
    got = settle(scene(alone(tags=()), since, drill()), use(asset=None))
    change = change_of(got)
    assert change.events == ()
    assert change.doors[0].contents == since.contents


@pytest.mark.parametrize(("tags", "came_to"), [(("E1",), "conflict"), ((), "wrong_item")])
def test_beside_what_no_reader_can_tell_a_person_looks_unless_something_is_seen_to_be_gone(
    tags: tuple[str, ...], came_to: str
) -> None:
    inside = (drill(), drill(2, tag=None), drill(3, tag=None))
    got = settle(scene(alone(tags=tags), door(*inside), *inside), use(asset=None))
    kind = {"conflict": CaseKind.OFFLINE_CONFLICT, "wrong_item": CaseKind.WRONG_ITEM}[came_to]
    assert (got.name, [each.kind for each in change_of(got).cases]) == (f"alone_{came_to}", [kind])


def test_what_is_felt_to_be_there_alone_was_not_taken() -> None:
    felt = alone(evidence=Evidence.PRESENCE, present=True)
    got = settle(scene(felt, door(drill()), drill()), use(asset=None))
    assert (got.name, change_of(got).cases) == ("alone_not_taken", ())
