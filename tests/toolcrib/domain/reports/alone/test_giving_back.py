"""What was brought back to a bank that was alone: never refused, and believed as far as it is proven."""

from typing import Any

import pytest

from tests.support.scenes import ANA, BEFORE, BEN, HERE, NEXT, NOW, became, change_of, door, drill, loan, report, scene
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, GrantState, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import LoanState
from toolcrib.domain.offline.use import Use, UseKind
from toolcrib.domain.people import Person
from toolcrib.domain.reports.alone.settle import settle
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.states import Move, State

BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.EXPRESS)
NO_CHANGE = {"seqs": ((2, 7),), "version": 10}


def use(**more: Any) -> Use:
    person = Person(id="ana", name="Ana")
    return Use(**{"kind": UseKind.RETURN, "roster": "r-1", "bank": BANK, "asset": "drill-1", "person": person, **more})


def out(**more: Any) -> Any:
    return drill(**{"state": State.ON_LOAN, "custodian": ANA, "loan": "take", **more})


def lent(**more: Any) -> Any:
    return loan(**{"state": LoanState.OPEN, "taken_at": BEFORE, "grants": {"take": GrantState.USED}, **more})


def back(*known: Any, tags: tuple[str, ...] | None = ("E1",), at: Any = None, **more: Any) -> Scene:
    evidence = Evidence.DOOR_ONLY if tags is None else Evidence.TAGS
    told = report(more.pop("outcome", Outcome.CLOSED), grant=None, evidence=evidence, tags=tags, **more)
    ours = {each.tag: each.id for each in known if each.id.startswith("drill")}
    here = at or door(physical="open")
    inside = {content.tag for content in here.contents}
    seen = {tag: ours.get(tag) for tag in tags or () if tag not in inside}
    return scene(told, here, *known, tags=seen)


def told_of(change: Change) -> list[tuple[Any, ...]]:
    return [(each.asset, each.move, each.state, each.to, each.person, each.evidence) for each in change.events]


def test_what_is_seen_inside_is_back_and_its_loan_closed_by_the_moment_of_the_report() -> None:
    here = back(out(), lent())
    got = settle(here, use())
    change = change_of(got)
    assert (got.name, got.told, change.cases, change.guard) == ("alone_returned", (), (), True)
    assert told_of(change) == [("drill-1", Move.RETURNED, State.STOWED, HERE, "ana", Evidence.TAGS)]
    assert change.events[0].detail == {"offline": "r-1"}
    assert became(here.loans["take"], change.loans[0]) == {
        "state": LoanState.CLOSED,
        "returned_at": NOW,
        "return_bank": "hq-01",
        "return_door": 1,
        "return_evidence": Evidence.TAGS,
        "version": 4,
    }
    assert [(each.asset, each.since) for each in change.doors[0].contents] == [("drill-1", NOW)]
    assert (change.doors[0].physical, change.doors[0].unlendable) == ("closed", None)


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ((out(), lent(person="ben")), use()),
        ((out(), lent(taken_at=NOW.replace(hour=10))), use()),
        ((out(), lent()), use(guessed=True)),
        ((drill(custodian=NEXT),), use()),
        ((drill(state=State.UNCONFIRMED, custodian=BEN),), use()),
        ((drill(state=State.UNCONFIRMED, custodian=NEXT),), use()),
    ],
    ids=["another's loan", "a loan begun since", "a guess", "stowed elsewhere", "last seen with another", "in a door"],
)
def test_what_is_not_theirs_to_bring_back_is_unconfirmed_here_and_a_case_keeps_both_claims(
    known: tuple[Any, ...], who: Use
) -> None:
    got = settle(back(*known), who)
    change = change_of(got)
    thing = known[0]
    assert got.name == "alone_conflict"
    assert [(each.move, each.state, each.to) for each in change.events] == [(Move.SEEN, State.UNCONFIRMED, HERE)]
    (case,) = change.cases
    claim = f"bank: return, roster r-1; record: {thing.state}, {thing.custodian.kind} {thing.custodian.id}"
    assert (case.kind, case.asset, case.loan) == (CaseKind.OFFLINE_CONFLICT, "drill-1", thing.loan)
    assert case.detail == (f"{claim} door 2" if thing.custodian == NEXT else claim)
    assert (change.doors[0].unlendable, change.doors[0].contents) == ("unexpected_item", ())
    if thing.loan is not None:
        (loan_now,) = change.loans
        assert (loan_now.state, loan_now.paused_until) == (LoanState.OPEN, NOW + PAUSE)


def test_a_loan_that_began_at_the_very_moment_is_theirs() -> None:
    assert settle(back(out(), lent(taken_at=NOW)), use()).name == "alone_returned"


def test_what_was_authorised_and_not_told_as_taken_counts_from_its_authorisation() -> None:
    pending = loan(authorised_at=NOW.replace(hour=10))
    assert settle(back(out(), pending), use()).name == "alone_conflict"


def test_they_bring_back_what_is_an_accounts_they_may_bring_back_for() -> None:
    got = settle(back(out(), lent(person="team")), use(accounts=frozenset({"team"})))
    assert got.name == "alone_returned"


def test_what_was_last_seen_with_them_in_doubt_is_back() -> None:
    got = settle(back(drill(state=State.UNCONFIRMED, custodian=ANA)), use())
    assert got.name == "alone_returned"
    assert change_of(got).loans == ()


def test_what_a_badge_of_nobody_brought_is_unconfirmed_here() -> None:
    got = settle(back(out(), lent()), use(person=None))
    change = change_of(got)
    assert got.name == "alone_by_nobody"
    assert [(each.kind, each.asset, each.loan) for each in change.cases] == [
        (CaseKind.OFFLINE_STRANGER, "drill-1", "take")
    ]
    assert told_of(change) == [("drill-1", Move.SEEN, State.UNCONFIRMED, HERE, None, Evidence.TAGS)]


def test_what_is_in_doubt_here_already_is_kept_as_a_case_and_not_moved() -> None:
    got = settle(back(drill(state=State.UNCONFIRMED, custodian=HERE)), use(person=None))
    change = change_of(got)
    assert (change.events, [each.kind for each in change.cases]) == ((), [CaseKind.OFFLINE_STRANGER])
    assert change.cases[0].detail == "bank: return, roster r-1; record: unconfirmed, door hq-01 door 1"


def test_of_several_things_the_worst_is_what_it_comes_to() -> None:
    got = settle(back(out(), lent(), drill(2, custodian=NEXT), tags=("E1", "E2")), use())
    assert got.name == "alone_conflict"
    assert [(each.asset, each.state) for each in change_of(got).events] == [
        ("drill-1", State.STOWED),
        ("drill-2", State.UNCONFIRMED),
    ]


def test_more_than_three_things_at_once_are_a_case_for_a_person() -> None:
    things = [drill(number, custodian=NEXT) for number in range(1, 6)]
    got = settle(back(*things, tags=tuple(f"E{number}" for number in range(1, 6))), use())
    change = change_of(got)
    assert len(change.events) == 3
    more = change.cases[-1]
    assert (more.kind, more.detail, more.asset) == (CaseKind.UNEXPECTED_ITEM, "more: drill-4, drill-5", None)
    assert change.doors[0].unlendable == "unexpected_item"


def test_without_a_reader_what_the_bank_names_is_believed() -> None:
    got = settle(back(out(), lent(), tags=None), use())
    change = change_of(got)
    assert got.name == "alone_returned"
    assert told_of(change) == [("drill-1", Move.RETURNED, State.STOWED, HERE, "ana", Evidence.DOOR_ONLY)]


@pytest.mark.parametrize(
    ("tags", "seen", "unknown"), [(None, {"present": False}, False), ((), {}, False), (("E9",), {}, True)]
)
def test_what_is_seen_not_to_be_there_did_not_come_back(
    tags: tuple[str, ...] | None, seen: dict[str, Any], unknown: bool
) -> None:
    got = settle(back(out(), lent(), tags=tags, **seen), use())
    change = change_of(got)
    assert got.name == ("alone_unknown_tag" if unknown else "alone_not_returned")
    assert (change.events, change.loans) == ((), ())
    assert [each.kind for each in change.cases] == ([CaseKind.UNKNOWN_TAG] if unknown else [])


def test_what_lay_there_before_did_not_come_back() -> None:
    got = settle(back(drill(), at=door(drill()), tags=("E1",)), use())
    assert (got.name, change_of(got).events) == ("alone_not_returned", ())


@pytest.mark.parametrize("present", [None, True])
def test_where_nobody_knows_what_was_put_in_a_person_has_to_look(present: bool | None) -> None:
    got = settle(back(tags=None, present=present), use(asset=None))
    change = change_of(got)
    detail = "bank: return of nobody knows what, roster r-1"
    assert got.name == "alone_conflict"
    assert [(each.kind, each.detail) for each in change.cases] == [(CaseKind.OFFLINE_CONFLICT, detail)]
    assert change.doors[0].unlendable == "unexpected_item"


@pytest.mark.parametrize(
    ("who", "person"), [(use(), "ana"), (use(person=None), None)], ids=["with the person", "at the door"]
)
def test_what_is_gone_meanwhile_is_unconfirmed(who: Use, person: str | None) -> None:
    got = settle(back(out(), lent(), drill(2), at=door(drill(2)), tags=("E1",)), who)
    gone = next(each for each in change_of(got).events if each.asset == "drill-2")
    assert (gone.move, gone.to, gone.person) == (Move.NOT_SEEN, ANA if person else HERE, person)


@pytest.mark.parametrize(
    ("who", "paused"), [(use(), True), (use(person=Person(id="ben", name="Ben")), False), (use(person=None), False)]
)
def test_where_nobody_knows_how_it_ended_thing_and_loan_stay_and_the_holder_is_left_in_peace(
    who: Use, paused: bool
) -> None:
    here = back(out(), lent(), tags=None, outcome=Outcome.UNRESOLVED)
    got = settle(here, who)
    change = change_of(got)
    assert (got.name, change.events) == ("alone_unresolved", ())
    assert [(each.kind, each.asset, each.loan) for each in change.cases] == [(CaseKind.UNRESOLVED, "drill-1", "take")]
    now = {**NO_CHANGE, "physical": "unknown", "unlendable": "unresolved"}
    assert became(here.door, change.doors[0]) == now
    assert [each.paused_until for each in change.loans] == ([NOW + PAUSE] if paused else [])


@pytest.mark.parametrize("known", [(), (drill(state=State.STORED),), (out(), loan())])
def test_where_nothing_is_open_nothing_is_paused(known: tuple[Any, ...]) -> None:
    change = change_of(settle(back(*known, tags=None, outcome=Outcome.UNRESOLVED), use()))
    (case,) = change.cases
    assert (change.loans, case.asset) == ((), "drill-1" if known else None)


def test_what_the_record_has_here_already_did_not_come_back_without_a_reader_either() -> None:
    got = settle(back(drill(), at=door(drill()), tags=None), use())
    change = change_of(got)
    assert (got.name, change.events, change.cases) == ("alone_not_returned", (), ())


def test_what_a_reader_sees_to_be_empty_needs_no_look_where_the_bank_named_nothing() -> None:
    got = settle(back(tags=()), use(asset=None))
    assert (got.name, change_of(got).cases) == ("alone_not_returned", ())


def test_what_the_bank_names_and_no_reader_could_tell_needs_no_look_where_it_is_felt_to_be_empty() -> None:
    got = settle(back(out(), lent(), tags=None, present=False), use())
    assert (got.name, change_of(got).cases) == ("alone_not_returned", ())


@pytest.mark.parametrize(
    "thing",
    [drill(state=State.LOST, custodian=ANA), drill(state=State.UNCONFIRMED, custodian=ANA, loan="another")],
    ids=["lost with them", "in doubt on a loan that is over"],
)
def test_what_was_last_with_them_and_is_not_just_in_doubt_is_for_a_person_to_say(thing: Any) -> None:
    got = settle(back(thing), use())
    change = change_of(got)
    assert got.name == "alone_conflict"
    assert [(each.move, each.state) for each in change.events] == [(Move.SEEN, State.UNCONFIRMED)]


def test_what_comes_back_into_a_door_that_is_full_is_theirs_and_unconfirmed() -> None:
    got = settle(back(out(), lent(), drill(2), at=door(drill(2), capacity=1), tags=("E1", "E2")), use())
    change = change_of(got)
    assert got.name == "alone_return_unconfirmed"
    assert [(each.asset, each.move, each.state) for each in change.events] == [
        ("drill-1", Move.SEEN, State.UNCONFIRMED)
    ]


def test_what_is_in_doubt_here_already_stays_so_where_its_door_is_full() -> None:
    doubted = out(state=State.UNCONFIRMED, custodian=HERE)
    got = settle(back(doubted, lent(), drill(2), at=door(drill(2), capacity=1), tags=("E1", "E2")), use())
    assert (got.name, change_of(got).events) == ("alone_return_unconfirmed", ())


def test_two_things_in_doubt_here_already_are_a_case_each() -> None:
    things = [drill(number, state=State.UNCONFIRMED, custodian=HERE) for number in (1, 2)]
    change = change_of(settle(back(*things, tags=("E1", "E2")), use(person=None)))
    assert [(each.kind, each.asset) for each in change.cases] == [
        (CaseKind.OFFLINE_STRANGER, "drill-1"),
        (CaseKind.OFFLINE_STRANGER, "drill-2"),
    ]


def test_the_case_about_things_too_many_is_one_of_its_own_and_short() -> None:
    things = [drill(number, id=f"drill-{number:0>80}", custodian=NEXT) for number in range(1, 9)]
    change = change_of(settle(back(*things, tags=tuple(f"E{number}" for number in range(1, 9))), use()))
    more = change.cases[-1]
    assert more.id == derived("case", "unexpected_item", "hq-01", "up-1", "more")
    assert len(more.detail) == 200
