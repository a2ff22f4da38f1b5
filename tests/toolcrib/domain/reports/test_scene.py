"""What a scene knows: what things are called, which loans remember a grant, and what a report proves of each."""

from typing import Any

import pytest

from tests.support.scenes import BOOK, NEXT, door, drill, grant, lent, loan, report, running, scene
from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit, Kit, Part
from toolcrib.domain.loans import LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Outcome, Scene, proves

PARTS = tuple(Part(asset=f"drill-{number}", loan=f"take{dot}") for number, dot in ((1, ""), (2, ".2"), (3, ".3")))
KIT = InKit(id="set", grant="take", parts=PARTS)
BLANK = drill(tag=None)


def seen(*inside: Asset, evidence: Evidence = Evidence.TAGS, **more: Any) -> Scene:
    return scene(report(Outcome.CLOSED, evidence=evidence, **more), door(*inside), *inside)


def test_things_are_called_by_their_kits_name_or_each_by_its_own() -> None:
    known = replace(BOOK, kits={"set": Kit(id="set", name="Drill set", parts=("drill-1", "drill-2"))})
    here = scene(report(Outcome.CLOSED), door(), book=known)
    things = [drill(), drill(2)]
    assert here.title(things, "set") == "Drill set"
    assert here.title(things, None) == here.title(things, "gone") == "Drill 1, Drill 2"
    assert here.title(things[:1], None) == "Drill 1"


def test_a_grant_names_the_loan_that_it_began_and_each_part_that_remembers_it() -> None:
    first = loan(kit=KIT, grants={})  # its own remembers it by its name
    second = loan(id="take.2", asset="drill-2", kit=KIT, grants={"take": GrantState.USED})
    third = loan(id="take.3", asset="drill-3", kit=KIT, grants={"else": GrantState.USED})
    here = scene(report(Outcome.CLOSED), door(), drill(), drill(2), drill(3), first, second, third)
    assert [(of.id, thing.id) for of, thing in here.named_by("take")] == [("take", "drill-1"), ("take.2", "drill-2")]
    assert here.named_by("unheard-of") == []


@pytest.mark.parametrize(
    ("inside", "saw", "evidence"),
    [
        ((drill(),), {"tags": ()}, Evidence.TAGS),
        ((BLANK,), {"tags": (), "present": False}, Evidence.PRESENCE),
        ((BLANK,), {"tags": ("E9",), "present": True}, Evidence.DOOR_ONLY),
        ((BLANK, drill(2)), {"tags": (), "present": True}, Evidence.DOOR_ONLY),
        ((BLANK,), {"tags": (), "present": True}, Evidence.PRESENCE),
        ((BLANK,), {"tags": ()}, Evidence.DOOR_ONLY),
        ((drill(),), {"tags": None, "present": False}, Evidence.PRESENCE),
    ],
)
def test_a_report_proves_of_one_thing_what_its_reader_or_its_sensor_can_know(
    inside: tuple[Asset, ...], saw: dict[str, Any], evidence: Evidence
) -> None:
    assert seen(*inside, **saw).level(inside[0]) is evidence


def test_what_is_declared_stays_declared() -> None:
    said = report(Outcome.CLOSED, evidence=Evidence.DECLARED, present=True)
    assert proves(said, door(drill(2)), BLANK) == said


@pytest.mark.parametrize(
    ("inside", "tags", "gone"),
    [((BLANK,), None, False), ((BLANK, drill(2)), None, None), ((BLANK,), ("E9",), None), ((BLANK,), (), False)],
)
def test_something_felt_is_the_thing_only_where_nothing_else_can_be(
    inside: tuple[Asset, ...], tags: tuple[str, ...] | None, gone: bool | None
) -> None:
    assert seen(*inside, tags=tags, present=True).gone("drill-1", None) is gone


@pytest.mark.parametrize(
    ("state", "out"),
    [(LoanState.OPEN, True), (LoanState.PENDING, True), (LoanState.CLOSED, False), (LoanState.VOID, False)],
)
def test_a_thing_is_out_on_a_loan_that_is_not_over(state: LoanState, out: bool) -> None:
    known = running(state=state)
    here = scene(report(Outcome.CLOSED), door(), lent(), known)
    assert here.loan_of(lent()) == (known if out else None)


@pytest.mark.parametrize(
    ("held", "out"),
    [
        (grant(), True),
        (grant(state=GrantState.OPENED), True),
        (grant(state=GrantState.FAILED), False),
        (grant(purpose=Purpose.RETURN), False),
        (grant(asset="drill-2", loan="other"), False),
        (None, False),
    ],
)
def test_a_thing_whose_take_is_in_flight_at_another_door_is_out_on_that_loan(held: Any, out: bool) -> None:
    thing, pending = drill(custodian=NEXT), loan()
    there = door(thing, number=2, grant=held)
    here = scene(report(Outcome.CLOSED), door(), thing, pending, elsewhere={"drill-1": there})
    assert here.loan_of(thing) == (pending if out else None)
