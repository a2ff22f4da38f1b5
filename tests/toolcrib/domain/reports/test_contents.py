"""What is seen in a door beyond what its grant is about: doubted on what saw it, and never without a case."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEFORE,
    BEN,
    BOOK,
    HERE,
    NEXT,
    NOW,
    became,
    change_of,
    door,
    drill,
    grant,
    lent,
    loan,
    report,
    running,
    said,
    scene,
)
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import LoanState
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

WHERE: dict[str, Any] = {"opened_at": NOW, "site": "hq", "bank": "hq-01", "door": 1, "grant": "take", "person": "ana"}
STOW = {"move": Move.STOW, "bank": "hq-01", "door": 1}


def taking(*others: Any, seen: tuple[int, ...] = (), inside: tuple[Asset, ...] = (), **told: Any) -> Scene:
    """A take of the first drill that closes with these seen inside; `inside` is what lay beside it."""
    known = {"evidence": Evidence.TAGS, "tags": tuple(f"E{each}" for each in seen), **told}
    here = {each.tag for each in inside}
    tags = {f"E{each}": f"drill-{each}" for each in seen if f"E{each}" not in here}
    at = door(drill(), *inside, grant=grant(state=GrantState.OPENED), physical="open")
    return scene(report(Outcome.CLOSED, **known), at, drill(), *inside, *others, loan(), tags=tags)


def about(change: Change, asset: str) -> list[dict[str, Any]]:
    return [said(each) for each in change.events if each.asset == asset]


@pytest.mark.parametrize(
    ("beside", "present", "proven"),
    [
        (drill(2), None, Evidence.TAGS),
        (drill(2, tag=None), False, Evidence.PRESENCE),
    ],
    ids=["its tag is not read", "nothing is felt"],
)
def test_what_is_gone_beside_a_take_was_last_seen_with_whoever_was_let_in(
    beside: Asset, present: bool | None, proven: Evidence
) -> None:
    got = settle(taking(inside=(beside,), present=present))
    change = change_of(got)
    (case,) = change.cases
    assert got.name == "wrong_item"
    assert said(case) == {
        **WHERE,
        "id": derived("case", "wrong_item", "hq-01", "take", "drill-2"),
        "kind": CaseKind.WRONG_ITEM,
        "asset": "drill-2",
        "waiting": ("drill-2",),
        "evidence": Evidence.TAGS,
    }
    assert about(change, "drill-2") == [
        {
            "asset": "drill-2",
            "at": NOW,
            "move": Move.NOT_SEEN,
            "state": State.UNCONFIRMED,
            "to": ANA,
            "person": "ana",
            "bank": "hq-01",
            "door": 1,
            "grant": "take",
            "unsettled_by": "take",
            "case": case.id,
            "evidence": proven,
            "op": "take",
        }
    ]
    assert change.doors[0].contents == ()


@pytest.mark.parametrize("present", [True, None])
def test_what_nobody_can_tell_to_be_gone_beside_a_take_is_as_it_was(present: bool | None) -> None:
    change = change_of(settle(taking(inside=(drill(2, tag=None),), present=present, tags=None)))
    assert about(change, "drill-2") == []
    assert [each.asset for each in change.doors[0].contents] == ["drill-2"]


def test_what_is_gone_beside_a_return_was_last_seen_with_whoever_brought_it() -> None:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back", person="ben")
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=("E1",))
    here = scene(seen, door(drill(2), grant=back), lent(), drill(2), running(), tags={"E1": "drill-1"})
    change = change_of(settle(here))
    assert [(each.asset, each.move, each.to, each.unsettled_by) for each in change.events] == [
        ("drill-2", Move.NOT_SEEN, BEN, "take.back"),
        ("drill-1", Move.RETURNED, HERE, None),
    ]
    assert [each.asset for each in change.doors[0].contents] == ["drill-1"]


def test_what_is_seen_and_recorded_elsewhere_is_last_seen_here_and_its_door_there_is_locked() -> None:
    there = drill(2, custodian=NEXT)
    other = door(there, number=2)
    got = settle(replace(taking(there, seen=(2,), evidence=Evidence.DOOR_ONLY), elsewhere={"drill-2": other}))
    change = change_of(got)
    (case,) = change.cases
    assert said(case) == {
        **WHERE,
        "id": derived("case", "unexpected_item", "hq-01", "take", "drill-2"),
        "kind": CaseKind.UNEXPECTED_ITEM,
        "asset": "drill-2",
        "waiting": ("drill-2",),
        "evidence": Evidence.DOOR_ONLY,
        "repair": Repair(finding=Finding.WRONG_DOOR, **STOW),
    }
    (event,) = about(change, "drill-2")
    assert (event["move"], event["to"], event["case"], event["unsettled_by"], event["evidence"]) == (
        Move.SEEN,
        HERE,
        case.id,
        "take",
        Evidence.TAGS,
    )
    assert {each.number: (each.unlendable, each.contents) for each in change.doors} == {
        1: ("unexpected_item", ()),
        2: ("unexpected_item", ()),
    }


def test_who_has_what_is_seen_in_a_door_keeps_their_loan_and_is_left_in_peace() -> None:
    ladder = (Step(offset=timedelta(), to=To.HOLDER, via=Via.EMAIL),)
    bens = loan(
        id="bens",
        asset="drill-2",
        person="ben",
        state=LoanState.OPEN,
        taken_at=BEFORE,
        terms=replace(loan().terms, ladder=ladder),
    )
    change = change_of(settle(taking(lent(2, custodian=BEN, loan="bens"), bens, seen=(2,))))
    (event,) = about(change, "drill-2")
    assert (event["state"], event["to"], event["loan"]) == (State.UNCONFIRMED, HERE, "bens")
    now = next(each for each in change.loans if each.id == "bens")
    assert became(bens, now) == {"paused_until": NOW + PAUSE, "next_step": NOW + PAUSE, "version": 4}
    assert [(each.loan, each.repair) for each in change.cases] == [("bens", Repair(finding=Finding.STRAY, **STOW))]


def test_more_than_three_strangers_beside_a_take_are_one_case_for_a_person() -> None:
    strangers = [drill(each, state=State.LOST, custodian=Custodian.nobody()) for each in range(2, 9)]
    change = change_of(settle(taking(*strangers, seen=(2, 3, 4, 5, 6, 7, 8))))
    assert [each.asset for each in change.events if each.move is Move.SEEN] == ["drill-2", "drill-3", "drill-4"]
    more = [each for each in change.cases if each.asset is None]
    assert [said(each) for each in more] == [
        {
            **WHERE,
            "id": derived("case", "unexpected_item", "hq-01", "take", "more"),
            "kind": CaseKind.UNEXPECTED_ITEM,
            "evidence": Evidence.TAGS,
            "detail": "4 more: drill-5, drill-6, drill-7",
        }
    ]
    assert change.doors[0].unlendable == "unexpected_item"


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.LOST])
def test_a_case_about_a_thing_in_doubt_goes_on_and_one_about_something_else_does_not(state: State) -> None:
    known = Case(id="c", kind=CaseKind.CLAIMED_RETURNED, opened_at=BEFORE, asset="drill-2")
    change = change_of(
        settle(replace(taking(drill(2, state=state, custodian=NEXT, case="c"), seen=(2,)), cases={"c": known}))
    )
    (event,) = about(change, "drill-2")
    opened = derived("case", "unexpected_item", "hq-01", "take", "drill-2")
    assert event["case"] == ("c" if state is State.UNCONFIRMED else opened)
    assert [each.id for each in change.cases] == ([] if state is State.UNCONFIRMED else [opened])


@pytest.mark.parametrize(("under", "settled_by"), [("take", "take"), (None, "before")])
def test_what_would_still_settle_a_doubt_is_the_grant_under_which_it_was_seen_or_else_the_one_before(
    under: str | None, settled_by: str
) -> None:
    doubted = drill(2, state=State.UNCONFIRMED, custodian=ANA, unsettled_by="before")
    here = taking(doubted, seen=(2,)) if under else _ungranted(doubted)
    change = change_of(settle(here))
    assert [each["unsettled_by"] for each in about(change, "drill-2")] == [settled_by]


def _ungranted(thing: Asset) -> Scene:
    seen = report(Outcome.CLOSED, grant=None, evidence=Evidence.TAGS, tags=("E2",))
    return scene(seen, door(), thing, tags={"E2": thing.id})


def test_what_one_operation_has_doubted_here_already_is_doubted_once() -> None:
    here = taking(lent(2), seen=(2,))
    draft = here.draft("ana")
    assert contents.unexpected(here, draft, lent(2)) is not None
    assert contents.unexpected(here, draft, lent(2)) is None
    assert (len(draft.events), len(draft.cases)) == (1, 1)


@pytest.mark.parametrize(("tag", "tags"), [("E1", None), (None, ())], ids=["nothing read its tag", "it wears no tag"])
def test_what_no_tag_was_read_of_is_proposed_for_nothing(tag: str | None, tags: tuple[str, ...] | None) -> None:
    asks = {"drill": AssetType(id="drill", name="Drill", category="tools", min_evidence=Evidence.TAGS)}
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back")
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.PRESENCE, present=True, tags=tags)
    here = scene(seen, door(grant=back), lent(tag=tag), running(), book=replace(BOOK, types=asks))
    assert [(each.kind, each.repair, each.detail) for each in change_of(settle(here)).cases] == [
        (CaseKind.WEAK_EVIDENCE, None, "")
    ]


def test_tags_that_nobody_knows_are_one_case_of_their_door_that_names_four_of_them() -> None:
    tags = ("E9", "E8", "E7", "E6", "E5")
    gone = replace(taking(tags=tags), tags=dict.fromkeys(tags))
    got = settle(gone)
    known = derived("case", "unknown_tag", "hq-01", "1", *sorted(tags))
    assert [said(each) for each in change_of(got).cases] == [
        {
            **WHERE,
            "id": known,
            "kind": CaseKind.UNKNOWN_TAG,
            "evidence": Evidence.TAGS,
            "detail": "5 unknown: E5, E6, E7, E8",
        }
    ]
    again = replace(gone, cases={known: Case(id=known, kind=CaseKind.UNKNOWN_TAG, opened_at=BEFORE)})
    assert change_of(settle(again)).cases == ()


@pytest.mark.parametrize(("known", "told", "kept"), [(BEFORE, NOW, BEFORE), (None, BEFORE, BEFORE), (None, None, None)])
def test_when_a_door_opened_is_kept_as_it_was_told_first(known: Any, told: Any, kept: Any) -> None:
    here = taking(opened_at=told)
    opened = replace(here, door=replace(here.door, grant=grant(state=GrantState.OPENED, opened_at=known)))
    assert change_of(settle(opened)).doors[0].grant == grant(state=GrantState.USED, over_at=NOW, opened_at=kept)


@pytest.mark.parametrize(("why", "stays"), [("unresolved", None), ("forced", "forced"), ("quarantined", "quarantined")])
def test_a_closing_ends_that_nobody_knew_how_its_grant_ended_and_no_other_reason_not_to_lend(
    why: str, stays: str | None
) -> None:
    here = taking()
    locked = replace(here, door=replace(here.door, unlendable=why))
    assert change_of(settle(locked)).doors[0].unlendable == stays
