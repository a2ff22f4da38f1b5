"""What a return leaves on record of one thing: its event, its loan, its case, and what its holder may still say."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEN,
    BOOK,
    HERE,
    NOW,
    became,
    change_of,
    door,
    drill,
    grant,
    lent,
    report,
    running,
    said,
    scene,
)
from toolcrib.domain.assets import AssetType
from toolcrib.domain.authorisers import Authoriser, Awaiting
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import Content, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.people import Holding, LastReturn
from toolcrib.domain.policies import Authorisers, Moment
from toolcrib.domain.record import replace
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.scene import Outcome, Report
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

HOUR = timedelta(hours=1)
SEQS = ((2, 7),)
WITNESS = Authorisers(count=1, on=(Moment.RETURN,))
CY = Authoriser(person="cy", at=NOW - timedelta(seconds=20))


def back(state: GrantState = GrantState.OPENED, **more: Any) -> Grant:
    return grant(Purpose.RETURN, state, **{"id": "take.back", **more})


def closed(**more: Any) -> Report:
    return report(Outcome.CLOSED, **{"grant": "take.back", "evidence": Evidence.TAGS, **more})


def case(**more: Any) -> Case:
    about = {"asset": "drill-1", "waiting": ("drill-1",), "version": 2}
    return Case(**{"id": "c", "kind": CaseKind.CLAIMED_RETURNED, "opened_at": NOW - HOUR, **about, **more})


def test_a_return_says_how_it_was_proven_and_who_countersigned_it_and_answers_the_case_about_the_thing() -> None:
    terms = replace(running().terms, countersign=(WITNESS,))
    over = running(terms=terms, return_proofs={"condition": "ok"}, next_step=NOW + HOUR, paused_until=NOW + PAUSE)
    thing, known = lent(state=State.UNCONFIRMED, case="c"), case()
    at = door(grant=back(signed=(CY,)), physical="open")
    got = settle(
        scene(closed(tags=("E1",)), at, thing, over, cases={"c": known}, tags={"E1": "drill-1"}, excuses={"take": HOUR})
    )
    change = change_of(got)
    assert (got.name, change.op, change.guard) == ("returned", "take.back", False)
    assert [said(each) for each in change.events] == [
        {
            "asset": "drill-1",
            "at": NOW,
            "move": Move.RETURNED,
            "state": State.STOWED,
            "to": HERE,
            "person": "ana",
            "bank": "hq-01",
            "door": 1,
            "grant": "take.back",
            "evidence": Evidence.TAGS,
            "op": "take.back",
            "detail": {"condition": "ok", "authorisers": "cy"},
        }
    ]
    assert became(over, change.loans[0]) == {
        "state": LoanState.CLOSED,
        "returned_at": NOW,
        "return_bank": "hq-01",
        "return_door": 1,
        "return_evidence": Evidence.TAGS,
        "grants": {"take": GrantState.USED, "take.back": GrantState.USED},
        "excused": HOUR,
        "next_step": None,
        "paused_until": None,
        "version": 4,
    }
    assert [became(known, each) for each in change.cases] == [
        {
            "state": CaseState.RESOLVED,
            "resolution": "returned",
            "resolved_by": "toolcrib",
            "resolved_at": NOW,
            "waiting": (),
            "version": 3,
        }
    ]
    assert became(at, change.doors[0]) == {
        "contents": (Content.of(change.assets[0], NOW),),
        "grant": back(GrantState.USED, signed=(CY,), over_at=NOW),
        "physical": "closed",
        "seqs": SEQS,
        "version": 10,
    }
    assert change.holdings == (Holdings(person="ana", remove=("take",)),)


def test_a_case_about_several_things_waits_on_for_the_others() -> None:
    known = case(waiting=("drill-1", "drill-2"))
    thing = lent(state=State.UNCONFIRMED, case="c")
    here = scene(closed(tags=("E1",)), door(grant=back()), thing, running(), cases={"c": known}, tags={"E1": "drill-1"})
    change = change_of(settle(here))
    assert [became(known, each) for each in change.cases] == [{"waiting": ("drill-2",), "version": 3}]


def test_nothing_is_back_before_it_was_taken_and_an_excuse_on_record_stays() -> None:
    taken = NOW + timedelta(minutes=5)
    over = running(taken_at=taken, authorised_at=NOW - HOUR, excused=HOUR)
    change = change_of(settle(scene(closed(tags=("E1",)), door(grant=back()), lent(), over, tags={"E1": "drill-1"})))
    assert (change.loans[0].returned_at, change.loans[0].excused) == (taken, HOUR)


def test_a_return_that_lacks_a_countersignature_is_a_case_that_a_badge_at_the_door_may_answer() -> None:
    terms = replace(running().terms, countersign=(WITNESS,))
    at, over = door(grant=back(person="ben")), running(terms=terms)
    change = change_of(settle(scene(closed(tags=("E1",)), at, lent(), over, tags={"E1": "drill-1"})))
    (opened,) = change.cases
    assert (opened.kind, opened.asset, opened.loan, opened.person) == (
        CaseKind.COUNTERSIGNATURE,
        "drill-1",
        "take",
        "ben",
    )
    assert change.doors[0].awaits == Awaiting(
        case=opened.id,
        person="ana",
        brought="ben",
        loan="take",
        thing="Drill 1",
        until=NOW + timedelta(seconds=60),
        demands=(WITNESS,),
    )
    assert [dict(each.detail) for each in change.events] == [{}]


def test_of_a_return_that_only_a_door_told_of_its_holder_may_still_say_that_nothing_was_put_in() -> None:
    change = change_of(settle(scene(closed(evidence=Evidence.DOOR_ONLY), door(grant=back()), lent(), running())))
    thing = Holding(
        asset="drill-1",
        type="drill",
        name="Drill 1",
        tag="E1",
        state="open",
        bank="hq-01",
        door=1,
        site="hq",
        since=NOW,
        until=NOW,
        evidence=Evidence.TAGS,
    )
    last = LastReturn(loan="take", bank="hq-01", door=1, at=NOW, holding=thing)
    assert change.holdings == (Holdings(person="ana", remove=("take",)), Holdings(person="ana", last_return=last))


def test_two_peoples_things_in_one_door_are_late_and_lack_a_countersignature_each_for_themselves() -> None:
    late: dict[str, Any] = {"due_at": NOW - HOUR, "terms": replace(running().terms, countersign=(WITNESS,))}
    hers, his = running(**late), running(**late, id="bens", asset="drill-2", person="ben")
    things = lent(), lent(2, custodian=BEN, loan="bens")
    seen = {"E1": "drill-1", "E2": "drill-2"}
    change = change_of(settle(scene(closed(tags=tuple(seen)), door(grant=back()), *things, hers, his, tags=seen)))
    assert [(each.person, each.late_returns) for each in change.holdings if each.late_returns] == [
        ("ana", (NOW,)),
        ("ben", (NOW,)),
    ]
    assert [(each.kind, each.loan) for each in change.cases] == [
        (CaseKind.COUNTERSIGNATURE, "take"),
        (CaseKind.COUNTERSIGNATURE, "bens"),
    ]


@pytest.mark.parametrize(
    ("given", "seen", "guard"),
    [
        ({"loan": None}, ("E1",), True),
        ({"loan": None}, (), False),
        ({}, ("E1",), False),
    ],
    ids=["no loan keeps it", "nothing happened", "its loan keeps it"],
)
def test_the_ledger_keeps_a_return_that_no_loan_does(given: dict[str, Any], seen: tuple[str, ...], guard: bool) -> None:
    out_on = given.get("loan", "take")
    thing = drill(state=State.UNCONFIRMED, custodian=ANA, loan=out_on)
    loans = (running(),) if out_on else ()
    here = scene(closed(tags=seen), door(grant=back(**given)), thing, *loans, tags=dict.fromkeys(seen, "drill-1"))
    assert change_of(settle(here)).guard is guard


@pytest.mark.parametrize("known", [True, False], ids=["of a type", "of a type that is gone"])
@pytest.mark.parametrize(("asks", "stowed"), [(None, True), (Evidence.DOOR_ONLY, True), (Evidence.PRESENCE, False)])
def test_what_wears_no_tag_is_judged_by_what_is_known_of_it_alone(
    asks: Evidence | None, stowed: bool, known: bool
) -> None:
    kinds = {"drill": AssetType(id="drill", name="Drill", category="tools", min_evidence=asks)} if known else {}
    over = running(terms=replace(running().terms, min_evidence=None if known else asks))
    here = scene(
        closed(tags=(), present=None), door(grant=back()), lent(tag=None), over, book=replace(BOOK, types=kinds)
    )
    got = settle(here)
    change = change_of(got)
    assert got.name == ("returned" if stowed else "return_unconfirmed")
    assert [(each.move, each.state, each.evidence) for each in change.events] == [
        (Move.RETURNED, State.STOWED, Evidence.DOOR_ONLY)
        if stowed
        else (Move.SEEN, State.UNCONFIRMED, Evidence.DOOR_ONLY)
    ]


def test_what_is_in_doubt_here_already_stays_so_on_weak_evidence() -> None:
    thing = drill(state=State.UNCONFIRMED, custodian=HERE, loan="take", tag=None)
    asks = {"drill": AssetType(id="drill", name="Drill", category="tools", min_evidence=Evidence.TAGS)}
    got = settle(scene(closed(), door(grant=back()), thing, running(), book=replace(BOOK, types=asks)))
    change = change_of(got)
    assert (got.name, change.events, change.assets) == ("return_unconfirmed", (), ())
