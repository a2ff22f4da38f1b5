"""A take's closing, part by part: what it rests on, when it was, which case it answers, and its end in one word."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEFORE,
    BEN,
    HERE,
    NOW,
    change_of,
    door,
    drill,
    grant,
    lent,
    loan,
    report,
    running,
    scene,
)
from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import Content, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit, Part
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Outcome, Settlement
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.reports.take import together
from toolcrib.domain.states import Move, State

BLANK = drill(tag=None)


def closed(thing: Asset, *known: Any, at: Any = None, saw: Any = None, **more: Any) -> Settlement:
    seen = report(Outcome.CLOSED, **{"evidence": Evidence.TAGS, **(saw or {})})
    here = at or door(thing, grant=grant())
    return settle(scene(seen, here, thing, *(known or (loan(),)), **more))


@pytest.mark.parametrize(
    ("ends", "word"),
    [
        (["taken"], "taken"),
        (["not_taken", "not_taken"], "not_taken"),
        (["taken", "not_taken"], "kit_partly_taken"),
        (["taken", "contradiction"], "contradiction"),
        (["contradiction", "contradiction"], "contradiction"),
    ],
)
def test_what_a_kit_came_to_is_one_word(ends: list[str], word: str) -> None:
    assert together(ends) == word


@pytest.mark.parametrize(
    ("thing", "saw", "evidence"),
    [
        (drill(), {"tags": ()}, Evidence.TAGS),
        (BLANK, {"tags": (), "present": False}, Evidence.PRESENCE),
        (BLANK, {"tags": None, "evidence": Evidence.DOOR_ONLY}, Evidence.DOOR_ONLY),
    ],
)
def test_event_and_loan_rest_on_what_was_seen_of_that_thing(
    thing: Asset, saw: dict[str, Any], evidence: Evidence
) -> None:
    change = change_of(closed(thing, saw=saw))
    assert [(each.move, each.evidence) for each in change.events] == [(Move.TAKEN, evidence)]
    assert [each.evidence for each in change.loans] == [evidence]


@pytest.mark.parametrize(
    ("thing", "saw", "evidence"),
    [(drill(), {"tags": ("E1",)}, Evidence.TAGS), (BLANK, {"tags": (), "present": True}, Evidence.PRESENCE)],
)
def test_that_a_thing_stayed_after_all_rests_on_what_was_seen_of_it(
    thing: Asset, saw: dict[str, Any], evidence: Evidence
) -> None:
    doubted = drill(tag=thing.tag, state=State.UNCONFIRMED, custodian=ANA, unsettled_by="take")
    late = door(thing, grant=grant(id="next", loan="next", person="ben"))
    change = change_of(closed(doubted, at=late, saw=saw))
    assert [(each.move, each.to, each.evidence) for each in change.events] == [(Move.NOT_TAKEN, HERE, evidence)]


def test_a_taking_is_never_before_it_was_authorised() -> None:
    later = NOW + timedelta(minutes=5)
    change = change_of(closed(drill(), loan(authorised_at=later), saw={"tags": ()}))
    assert [each.at for each in change.events] == [each.taken_at for each in change.loans] == [later]


def test_who_took_it_is_named_by_the_case_about_another_thing_gone() -> None:
    other = drill(2)
    settled = closed(drill(), loan(), other, at=door(drill(), other, grant=grant()), saw={"tags": ()})
    assert settled.name == "wrong_item"
    assert [(each.kind, each.asset, each.person) for each in change_of(settled).cases] == [
        (CaseKind.WRONG_ITEM, "drill-2", "ana")
    ]


def test_what_its_own_grant_is_about_is_no_stranger_when_its_reader_sees_it() -> None:
    doubted = drill(state=State.UNCONFIRMED, custodian=ANA, unsettled_by="take")
    settled = closed(doubted, at=door(grant=grant()), saw={"tags": ("E1",)}, tags={"E1": "drill-1"})
    assert [each.kind for each in change_of(settled).cases] == []


def test_the_case_that_waited_for_the_end_of_a_take_is_answered_by_it() -> None:
    case = Case(id="c-1", kind=CaseKind.UNRESOLVED, opened_at=BEFORE, asset="drill-1", waiting=("drill-1",))
    doubted = drill(state=State.UNCONFIRMED, custodian=ANA, unsettled_by="take", case="c-1")
    change = change_of(closed(doubted, saw={"tags": ()}, cases={"c-1": case}, at=door(grant=grant())))
    assert [(each.id, each.state, each.resolution) for each in change.cases] == [("c-1", CaseState.RESOLVED, "taken")]


def test_a_return_before_the_takes_report_lets_its_case_wait_for_one_thing_less() -> None:
    case = Case(id="c-1", kind=CaseKind.UNRESOLVED, opened_at=BEFORE, asset="drill-1", waiting=("drill-1", "drill-2"))
    doubted = drill(state=State.UNCONFIRMED, custodian=ANA, unsettled_by="take", case="c-1", loan="take")
    back = door(grant=grant(Purpose.RETURN, id="back"))
    seen = report(Outcome.CLOSED, grant="back", evidence=Evidence.TAGS, tags=("E1",))
    here = scene(seen, back, doubted, loan(), cases={"c-1": case}, tags={"E1": "drill-1"})
    change = change_of(settle(here))
    assert [each.move for each in change.events] == [Move.TAKEN, Move.RETURNED]
    assert [(each.id, each.state, each.waiting) for each in change.cases] == [("c-1", CaseState.OPEN, ("drill-2",))]


def test_what_was_put_in_by_a_take_and_belongs_elsewhere_is_unconfirmed() -> None:
    stranger = lent(2, loan="other")
    settled = closed(
        drill(),
        loan(),
        stranger,
        running(id="other", asset="drill-2", person="ben"),
        at=door(drill(), grant=grant()),
        saw={"tags": ("E2",)},
        tags={"E2": "drill-2"},
    )
    assert settled.name == "taken"
    assert [(each.asset, each.move) for each in change_of(settled).events] == [
        ("drill-1", Move.TAKEN),
        ("drill-2", Move.SEEN),
    ]


def test_what_has_gone_to_another_meanwhile_is_doubted_with_them_although_its_reader_sees_it_here() -> None:
    bens = lent(custodian=BEN, loan="bens")
    settled = closed(
        bens,
        loan(),
        running(id="bens", person="ben"),
        at=door(grant=grant()),
        saw={"tags": ("E1",)},
        tags={"E1": "drill-1"},
    )
    change = change_of(settled)
    assert [(each.kind, each.asset, each.loan) for each in change.cases] == [(CaseKind.LATE_REPORT, "drill-1", "take")]
    assert [(each.move, each.to, each.loan, each.op) for each in change.events] == [(Move.SEEN, BEN, "bens", "up-1")]


@pytest.mark.parametrize(("since", "word"), [(BEFORE, "taken"), (NOW + timedelta(seconds=1), "late")])
def test_a_take_is_of_what_lay_there_then_whatever_lies_beside_it(since: Any, word: str) -> None:
    beside = drill(2)
    contents = (Content.of(drill(), since), Content.of(beside, NOW + timedelta(hours=1) if word == "taken" else BEFORE))
    here = replace(door(grant=grant()), contents=contents)
    change = change_of(closed(drill(), loan(), beside, at=here, saw={"tags": ("E2",)}))
    moved = {"taken": Move.TAKEN, "late": Move.NOT_SEEN}
    assert [(each.asset, each.move) for each in change.events] == [("drill-1", moved[word])]


def test_a_part_that_has_gone_to_another_meanwhile_is_doubted_with_them_beside_the_part_that_was_taken() -> None:
    parts = (Part(asset="drill-1", loan="take"), Part(asset="drill-2", loan="part"))
    kit = InKit(id="set", grant="take", parts=parts)
    bens = lent(2, custodian=BEN, loan="bens")
    settled = closed(
        drill(),
        loan(kit=kit),
        bens,
        loan(id="part", asset="drill-2", kit=kit),
        running(id="bens", asset="drill-2", person="ben"),
        at=door(drill(), grant=grant(kit=parts[1:])),
        saw={"tags": ("E2",)},
        tags={"E2": "drill-2"},
    )
    change = change_of(settled)
    assert settled.name == "taken"
    assert [(each.kind, each.asset, each.loan) for each in change.cases] == [(CaseKind.LATE_REPORT, "drill-2", "part")]
    assert [(each.asset, each.move, each.to, each.op) for each in change.events] == [
        ("drill-2", Move.SEEN, BEN, "up-1"),
        ("drill-1", Move.TAKEN, ANA, "take"),
    ]
