"""Every outcome of a return: what is really inside decides, and a return is never refused (rules.md, laws 1 and 2)."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.outcomes import GONE, NOBODYS, OTHER_TAG, TAG, THERE, Outcome, beside, lend, outcome, stage
from tests.support.workplace import DRILL, FALLBACK, OTHER_TOKEN, TOKEN, bank, drill, person, put_asset, rules, site
from tests.support.world import World
from toolcrib.domain.assets import AssetType, Custodian
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.policies import Match, Policy
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State


@dataclass(frozen=True, kw_only=True)
class Row:
    says: str
    evidence: str
    saw: str = "closed"
    seen: dict[str, Any] = field(default_factory=dict)
    comes_to: Outcome


def back(evidence: str, told: str = "returned", **more: Any) -> Outcome:
    events = (f"taken by {more.pop('taken', evidence)}", f"returned by {evidence}")
    return Outcome(
        asset="stowed with door 1", loan="closed", door="used, lendable", told=(told,), events=events, **more
    )


def kept(taken: str, *more: str, door: str = "used, lendable", **facts: Any) -> Outcome:
    return Outcome(asset="on_loan with p-1", loan="open", door=door, events=(f"taken by {taken}", *more), **facts)


TABLE = [
    Row(says="the tag is inside", evidence="tags", seen={"tags": [TAG]}, comes_to=back("tags")),
    Row(
        says="nothing is inside",
        evidence="tags",
        seen={"tags": []},
        comes_to=kept("tags", "not_returned by tags", told=("not_returned",)),
    ),
    Row(
        says="only a tag that nobody knows is inside",
        evidence="tags",
        seen={"tags": [NOBODYS]},
        comes_to=kept("tags", "not_returned by tags", told=("unknown_tag",), cases=("unknown_tag",)),
    ),
    Row(
        says="a tag that nobody knows is inside as well",
        evidence="tags",
        seen={"tags": [TAG, NOBODYS]},
        comes_to=back("tags", cases=("unknown_tag",)),
    ),
    Row(
        says="the reader failed, something is felt",
        evidence="tags",
        seen={"present": True},
        comes_to=back("presence", taken="tags"),
    ),
    Row(
        says="the reader failed, nothing is felt",
        evidence="tags",
        seen={"present": False},
        comes_to=kept("tags", "not_returned by presence", told=("not_returned",)),
    ),
    Row(says="reader and sensor failed", evidence="tags", comes_to=back("door_only", taken="tags")),
    Row(says="something is felt", evidence="presence", seen={"present": True}, comes_to=back("presence")),
    Row(
        says="nothing is felt",
        evidence="presence",
        seen={"present": False},
        comes_to=kept("presence", "not_returned by presence", told=("not_returned",)),
    ),
    Row(says="the sensor failed", evidence="presence", comes_to=back("door_only", taken="presence")),
    Row(says="nothing but the door can tell", evidence="door_only", comes_to=back("door_only")),
    *(
        Row(
            says="the door was not opened",
            evidence=level,
            saw="not_opened",
            comes_to=kept(level, door="failed, lendable", told=("not_opened",)),
        )
        for level in GONE
    ),
    *(
        Row(
            says="the door is stuck",
            evidence=level,
            saw="jammed",
            comes_to=kept(level, door="failed, lendable", told=("jammed",), cases=("jammed",)),
        )
        for level in GONE
    ),
    *(
        Row(
            says="the bank does not know how it ended",
            evidence=level,
            saw="unresolved",
            comes_to=kept(level, door="unresolved, unresolved", cases=("unresolved",)),
        )
        for level in GONE
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.evidence}: {row.says}")
def test_what_becomes_of_a_return(here: World, row: Row) -> None:
    hq, loan = lend(here, row.evidence)
    opened = hq.tap()
    assert opened.claims["purpose"] == "return"
    heard = hq.does(opened, row.saw, **row.seen)
    assert outcome(here, heard, grant=opened.grant, loan=loan, number=opened.door) == row.comes_to


def test_while_a_return_is_in_flight_the_loan_is_as_it_was(here: World) -> None:
    hq, loan = lend(here)
    opened = hq.tap()
    assert outcome(here, grant=opened.grant, loan=loan) == kept("tags", door="issued, lendable")
    assert here.loan(loan).grants[opened.grant] == "issued"


def test_a_return_that_nobody_knows_of_leaves_the_holder_in_peace(here: World) -> None:
    hq, loan = lend(here)
    hq.does(hq.tap(), "unresolved")
    assert here.loan(loan).paused_until is not None


def test_a_return_is_remembered_on_its_loan_with_where_when_and_how_it_was_proven(here: World) -> None:
    hq, loan = lend(here)
    opened = hq.tap()
    here.later(seconds=20)
    at = here.now
    report = hq.saw(opened, "closed", tags=[TAG])
    here.later(hours=2)
    hq.send(report)
    now = here.loan(loan)
    assert (now.returned_at, now.return_bank, now.return_door) == (at, "hq-01", opened.door)
    assert (now.return_evidence, now.grants[opened.grant]) == ("tags", "used")
    assert here.person().holdings == {}


def test_something_else_on_loan_comes_back_and_closes_its_own_loan(here: World) -> None:
    hq, loan = lend(here)
    other = _lend_another(here)
    opened = hq.tap()
    heard = hq.does(opened, "closed", tags=[OTHER_TAG])
    assert outcome(here, heard, grant=opened.grant, loan=loan) == kept(
        "tags", "not_returned by tags", told=("other_returned",)
    )
    assert here.loan(other).state == "closed"
    assert here.asset("drill-2").custodian == Custodian.at_door("hq-01", opened.door)
    assert here.person("p-2").holdings == {}


def test_two_things_in_a_door_for_two_both_come_back(here: World) -> None:
    hq = stage(here, capacity=2)
    loan = _take(here, hq)
    other = _lend_another(here)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[TAG, OTHER_TAG])
    assert {here.loan(each).state for each in (loan, other)} == {"closed"}
    assert {content.asset for content in here.door(opened.door).contents} == {"drill-1", "drill-2"}


def test_a_door_for_one_holds_the_expected_thing_and_the_other_is_unconfirmed_without_blame(here: World) -> None:
    hq, loan = lend(here)
    other = _lend_another(here)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[TAG, OTHER_TAG])
    assert here.loan(loan).state == "closed"
    assert here.asset("drill-2").state == "unconfirmed"
    assert here.asset("drill-2").custodian == Custodian.at_door("hq-01", opened.door)
    assert here.loan(other).state == "open"
    assert here.loan(other).paused_until is not None
    assert here.door(opened.door).unlendable == "unexpected_item"


def test_what_left_the_door_makes_room_for_what_came(here: World) -> None:
    hq = stage(here)
    loan = _take(here, hq)
    put_asset(drill(2))
    opened = hq.tap()
    beside(here, drill(3), number=opened.door)  # somebody stowed it meanwhile, and somebody took it out again
    hq.does(opened, "closed", tags=[TAG])
    assert here.loan(loan).state == "closed"
    assert here.asset("drill-3").custodian == Custodian.person("p-1")


@pytest.mark.parametrize("state", [State.IN_REPAIR, State.RETIRED, State.STORED])
def test_a_thing_recorded_elsewhere_is_unconfirmed_with_a_case(here: World, state: State) -> None:
    hq, loan = lend(here)
    _elsewhere(drill(2), state)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[TAG, OTHER_TAG])
    assert here.loan(loan).state == "closed"
    strange = here.asset("drill-2")
    assert (strange.state, strange.custodian) == (State.UNCONFIRMED, Custodian.at_door("hq-01", opened.door))


@pytest.mark.parametrize("state", [State.MISSING, State.LOST])
def test_a_thing_that_was_missing_or_lost_is_found_by_its_return(here: World, state: State) -> None:
    hq, loan = lend(here)
    _elsewhere(drill(2), state)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[OTHER_TAG])
    assert here.asset("drill-2").state == "stowed"
    assert here.loan(loan).state == "open"


def test_a_thing_stowed_in_another_door_is_taken_off_its_list_and_that_door_locked(here: World) -> None:
    hq, _ = lend(here)
    beside(here, drill(2), number=3)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[TAG, OTHER_TAG])
    assert here.asset("drill-2").state == "unconfirmed"
    assert here.door(3).contents == ()
    assert here.door(3).unlendable == "unexpected_item"


def test_more_strange_things_than_can_be_judged_at_once_are_one_case_for_a_person(here: World) -> None:
    hq, loan = lend(here)
    for number in range(2, 12):
        _elsewhere(drill(number), State.STORED)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[f"E200{number:04d}" for number in range(1, 12)])
    assert here.loan(loan).state == "closed"
    rest = [case.detail for case in here.cases() if "more" in case.detail]
    assert rest == ["8 more: drill-2, drill-3, drill-4"]
    biggest = max(len(request["TransactItems"]) for _, request in here.calls("TransactWriteItems"))
    assert biggest <= 25


@pytest.mark.parametrize(
    ("needs", "seen", "state"),
    [
        (Evidence.TAGS, {"present": True}, "unconfirmed"),
        (Evidence.TAGS, {}, "unconfirmed"),
        (Evidence.PRESENCE, {}, "unconfirmed"),
        (Evidence.PRESENCE, {"present": True}, "stowed"),
        (Evidence.DOOR_ONLY, {}, "stowed"),
        (None, {}, "stowed"),
    ],
)
def test_a_type_that_asks_for_more_evidence_is_not_returned_on_less(
    here: World, needs: Evidence | None, seen: dict[str, Any], state: str
) -> None:
    rules(replace(DRILL, min_evidence=needs))
    hq, loan = lend(here, "presence")
    opened = hq.tap()
    heard = hq.does(opened, "closed", **seen)
    assert here.asset().state == state
    if state == "unconfirmed":
        assert [each.code for each in heard if each.kind == "notice"] == ["return_unconfirmed"]
        assert here.loan(loan).state == "open"
        assert here.loan(loan).paused_until is not None
        assert [case.kind for case in here.cases()] == ["weak_evidence"]
        assert here.door(opened.door).unlendable == "unexpected_item"


@pytest.mark.parametrize(
    ("of_type", "of_chosen", "of_other", "state"),
    [
        (None, None, None, "stowed"),
        (None, Evidence.TAGS, None, "unconfirmed"),
        (None, None, Evidence.TAGS, "unconfirmed"),
        (Evidence.TAGS, Evidence.DOOR_ONLY, None, "unconfirmed"),
        (Evidence.DOOR_ONLY, Evidence.PRESENCE, None, "stowed"),
    ],
)
def test_what_any_policy_asked_for_when_it_was_taken_counts_like_the_types_own(
    here: World, of_type: Evidence | None, of_chosen: Evidence | None, of_other: Evidence | None, state: str
) -> None:
    asking = {"asset_type": ("drill", of_chosen), "category": ("tools", of_other)}
    asked = [_asking(name, value, level) for name, (value, level) in asking.items()]
    rules(replace(DRILL, min_evidence=of_type), *asked)
    hq, _ = lend(here, "presence")
    opened = hq.tap()
    hq.does(opened, "closed", present=True)
    assert here.asset().state == state


def test_what_a_policy_asks_for_later_does_not_count_for_a_loan_made_before(here: World) -> None:
    hq, loan = lend(here, "presence")
    rules(_asking("asset_type", "drill", Evidence.TAGS))
    opened = hq.tap()
    hq.does(opened, "closed", present=True)
    assert (here.asset().state, here.loan(loan).state) == ("stowed", "closed")


def _asking(name: str, value: str, level: Evidence | None) -> Policy:
    return Policy(id=name, match=Match(**{name: value}), period=FALLBACK.period, min_evidence=level)


def test_a_thing_without_a_tag_is_not_believed_to_have_come_where_the_reader_sees_that_another_did(here: World) -> None:
    rules(DRILL, AssetType(id="saw", name="Saw", category="tools"))
    hq = here.place(bank(), stowed={1: drill(1, tag=None)})
    here.meet(person(), TOKEN)
    loan = _take(here, hq)
    other = _lend_another(here)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[OTHER_TAG], present=True)
    assert (here.loan(loan).state, here.loan(other).state) == ("open", "closed")


def test_presence_proves_nothing_of_a_return_where_something_lies_in_the_door_already(here: World) -> None:
    hq = stage(here, "presence", capacity=2)
    loan = _take(here, hq)
    beside(here, drill(2))
    opened = hq.tap()
    assert opened.door == 1
    hq.does(opened, "closed", present=True)
    assert here.loan(loan).return_evidence == "door_only"


@pytest.mark.parametrize("evidence", ["tags", "presence"])
def test_a_person_who_is_frozen_may_still_return(here: World, evidence: str) -> None:
    hq, loan = lend(here, evidence)
    here.change_person(person(active=False))
    opened = hq.tap()
    assert opened.claims["purpose"] == "return"
    hq.does(opened, "closed", **THERE[evidence])
    assert here.loan(loan).state == "closed"


def test_the_first_proven_return_closes_a_loan_and_a_second_is_a_case(here: World) -> None:
    hq, loan = lend(here, "door_only")
    elsewhere = here.place(bank(id="hq-02", evidence=Evidence.DOOR_ONLY), doors=1)
    elsewhere.evidence = "door_only"
    one, two = hq.tap(), elsewhere.tap()
    assert one.grant != two.grant
    hq.does(one, "closed")
    elsewhere.does(two, "closed")
    assert here.loan(loan).state == "closed"
    assert here.asset().state == "unconfirmed"
    assert [case.kind for case in here.cases()] == ["contradiction"]


def test_a_case_of_a_return_at_another_site_is_for_that_sites_people(here: World) -> None:
    rules(site(id="dock"))
    _, _ = lend(here)
    here.later(minutes=10)
    dock = here.place(bank(id="dock-01", site="dock"), doors=1)
    opened = dock.tap()
    dock.does(opened, "closed", tags=[TAG, NOBODYS])
    assert [(case.kind, case.site) for case in here.cases()] == [("unknown_tag", "dock")]


def _take(here: World, hq: Any) -> str:
    opened = hq.tap()
    hq.does(opened, "closed", **GONE[hq.evidence])
    here.later(minutes=5)
    return str(opened.grant)


def _lend_another(here: World) -> str:
    """Let a second person take a second drill from another bank."""
    other = here.place(bank(id="hq-09"), doors=1, stowed={1: drill(2)})
    here.meet(person(2), OTHER_TOKEN)
    opened = other.tap(OTHER_TOKEN)
    other.does(opened, "closed", tags=[])
    return opened.grant


def _elsewhere(asset: Any, state: State) -> None:
    """Put a thing on record as being somewhere else than on loan or in a door."""
    how = {
        State.IN_REPAIR: (Move.SEND_TO_REPAIR,),
        State.RETIRED: (Move.RETIRE,),
        State.STORED: (),
        State.MISSING: (Move.DECLARE_MISSING,),
        State.LOST: (Move.DECLARE_MISSING, Move.DECLARE_LOST),
    }
    put_asset(asset, then=how[state])


@pytest.mark.parametrize("take_first", [True, False], ids=["known to be void", "told later"])
def test_a_return_of_what_was_never_taken_is_over_whichever_report_is_heard_first(
    here: World, *, take_first: bool
) -> None:
    hq = stage(here)
    looked = hq.tap()
    not_taken = hq.saw(looked, "closed", tags=[TAG])
    here.later(minutes=2)
    returning = hq.tap()
    nothing = hq.saw(returning, "closed", tags=[])
    hq.send(*((not_taken, nothing) if take_first else (nothing, not_taken)))
    assert (here.loan(looked.grant).state, here.loan(looked.grant).grants[returning.grant]) == ("void", "used")
    here.later(minutes=1)
    hq.does(here.open_remotely(returning.door), "closed", tags=[])
    hq.repeat(nothing)
    assert here.cases() == []
