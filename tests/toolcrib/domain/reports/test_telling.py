"""What whoever stands at a door is told: of one thing by its name, of a kit by the kit's, and of what differs."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import BEFORE, BOOK, HERE, NOW, door, drill, grant, lent, loan, report, running, scene
from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit, Kit, Part
from toolcrib.domain.loans import LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Outcome, Scene, Told
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.reports.telling import of_return, of_take

EIGHT = timedelta(hours=8)
PARTS = tuple(Part(asset=f"drill-{each}", loan=f"take-{each}") for each in (1, 2, 3))
KITS = replace(BOOK, kits={"set": Kit(id="set", name="Drill set", parts=("drill-1", "drill-2", "drill-3"))})
SET = InKit(id="set", grant="take", parts=PARTS)


def taking(ends: str, *, kit: InKit | None = SET, wrong: bool = False) -> tuple[Told, ...]:
    """Return what is said of a take whose parts came to these ends; each is due an hour before the one before it."""
    names = {"t": "taken", "n": "not_taken", "c": "contradiction"}
    news = [
        (
            loan(id=f"take-{number}", asset=f"drill-{number}", kit=kit, due_at=NOW + EIGHT - timedelta(hours=number)),
            drill(number),
            names[end],
        )
        for number, end in enumerate(ends, 1)
    ]
    return of_take(scene(report(Outcome.CLOSED), door(), book=KITS), news, wrong=wrong)


def due_in(hours: int) -> Any:
    return NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("ends", "level", "code", "due", "parts"),
    [
        ("t", "info", "taken", 7, ""),
        ("n", "info", "not_taken", 7, "Drill 1"),
        ("ttt", "info", "taken", 5, ""),
        ("nnn", "info", "not_taken", 5, "Drill 1, Drill 2, Drill 3"),
        ("tnn", "warn", "kit_partly_taken", 7, "Drill 2, Drill 3"),
        ("ntn", "warn", "kit_partly_taken", 6, "Drill 1, Drill 3"),
        ("cct", "info", "contradiction", 5, ""),
    ],
)
def test_a_take_of_a_kit_is_told_by_its_name_with_what_was_left_and_when_the_first_of_the_rest_is_due(
    ends: str, level: str, code: str, due: int, parts: str
) -> None:
    facts = {"thing": "Drill set", "due": due_in(due), "parts": parts}
    assert taking(ends) == (Told(level=level, code=code, facts=facts),)


def test_what_is_in_no_kit_is_told_by_its_own_name() -> None:
    facts = {"thing": "Drill 1", "due": due_in(7), "parts": ""}
    assert taking("t", kit=None) == (Told(level="info", code="taken", facts=facts),)


def test_that_something_else_was_taken_comes_before_all_the_rest() -> None:
    facts = {"thing": "Drill set", "due": due_in(7), "parts": "Drill 2"}
    assert taking("tn", wrong=True) == (Told(level="warn", code="wrong_item", facts=facts),)


def test_of_what_came_back_already_nothing_is_told() -> None:
    assert taking("") == ()


def test_whoever_takes_is_told_until_when_they_have_it() -> None:
    gone = report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=())
    got = settle(scene(gone, door(drill(), grant=grant()), drill(), loan()))
    facts = {"thing": "Drill 1", "due": NOW + EIGHT, "parts": ""}
    assert got.told == (Told(level="info", code="taken", facts=facts),)


def test_whoever_takes_nothing_is_told_so() -> None:
    there = report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=("E1",))
    got = settle(scene(there, door(drill(), grant=grant()), drill(custodian=HERE), loan()))
    facts = {"thing": "Drill 1", "due": BEFORE + EIGHT, "parts": "Drill 1"}
    assert got.told == (Told(level="info", code="not_taken", facts=facts),)


def returning(count: int, name: str, *missing: Asset, kit: InKit | None = SET, known: bool = True) -> Told:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take-1.back", loan="take-1", kit=PARTS[1:count])
    loans = [running(id=each.loan, asset=each.asset, kit=kit, state=LoanState.CLOSED) for each in PARTS if known]
    here: Scene = scene(report(Outcome.CLOSED), door(), *(lent(each) for each in (1, 2, 3)), *loans, book=KITS)
    return of_return(here, back, name, missing)


@pytest.mark.parametrize(
    ("count", "kit", "known", "called"),
    [
        (3, SET, True, "Drill set"),
        (2, SET, True, "Drill set"),
        (1, SET, True, "Drill 1"),
        (2, None, True, "Drill 1, Drill 2"),
        (2, SET, False, "Drill 1, Drill 2"),
    ],
    ids=["a kit", "two of it", "one of it", "no kit", "no loan"],
)
def test_a_return_is_told_by_the_name_of_its_kit_or_things(
    count: int, kit: InKit | None, known: bool, called: str
) -> None:
    told = returning(count, "returned", kit=kit, known=known)
    assert told == Told(level="info", code="returned", facts={"thing": called, "parts": ""})


@pytest.mark.parametrize(
    "name", ["kit_partly_returned", "return_unconfirmed", "other_returned", "not_returned", "unknown_tag"]
)
def test_whatever_else_a_return_came_to_is_a_warning_with_what_is_missing(name: str) -> None:
    told = returning(3, name, drill(2), drill(3))
    assert told == Told(level="warn", code=name, facts={"thing": "Drill set", "parts": "Drill 2, Drill 3"})
