"""What a status says of a door at rest: when it speaks of the record's moment, and what it lifts."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import BEFORE, NOW, became, door, drill, grant, report, scene
from toolcrib.domain.doors import Door, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.reports.contents import UNEXPECTED
from toolcrib.domain.reports.scene import Outcome, Rest
from toolcrib.domain.reports.status import Status, as_report, at_rest, compare, differs

AFTER = NOW + timedelta(seconds=1)
GIVEN_UP = {"state": GrantState.UNRESOLVED, "over_at": BEFORE}


def status(tags: tuple[str, ...] | None = (), state: str = "closed") -> Status:
    known: dict[str, Any] = {"op": "st-1", "at": NOW, "boot": 2, "seq": 7, "journal_depth": 0}
    return Status(**known, doors={1: state}, tags={1: tags})


@pytest.mark.parametrize(
    ("at", "same"),
    [
        (door(), True),
        (door(drill(), since=BEFORE), True),
        (door(drill(), since=NOW), False),
        (door(drill(), since=AFTER), False),
        (door(grant=grant(state=GrantState.USED, over_at=BEFORE)), True),
        (door(grant=grant(state=GrantState.USED, over_at=NOW)), False),
        (door(grant=grant(state=GrantState.USED, opened_at=AFTER, over_at=BEFORE)), False),
        (door(grant=grant(state=GrantState.FAILED, authorised_at=AFTER)), False),
        (door(drill(), since=AFTER, grant=grant(state=GrantState.USED, over_at=BEFORE)), False),
    ],
    ids=[
        "empty",
        "put in before",
        "put in at that moment",
        "put in since",
        "a grant that was over",
        "a grant over at that moment",
        "a grant opened since",
        "a grant authorised since",
        "put in since a grant that was over",
    ],
)
def test_a_status_speaks_of_the_records_moment_only_where_everything_on_record_was_before(at: Door, same: bool) -> None:
    assert at_rest(at, status()) is same


@pytest.mark.parametrize(
    ("tags", "unlendable", "looks"),
    [
        (("E1",), None, False),
        (None, None, False),
        ((), None, True),
        (("E1", "E2"), None, True),
        (("E1",), "unresolved", True),
        (None, "forced", True),
        (("E1",), "quarantined", False),
    ],
)
def test_a_door_needs_a_second_look_where_tags_or_a_doubt_say_so(
    tags: tuple[str, ...] | None, unlendable: str | None, looks: bool
) -> None:
    assert differs(door(drill(), drill(2, tag=None), unlendable=unlendable), status(tags)) is looks


@pytest.mark.parametrize(
    ("tags", "evidence", "told"),
    [(("E2", "E1"), Evidence.TAGS, ("E1", "E2")), ((), Evidence.TAGS, ()), (None, Evidence.DOOR_ONLY, None)],
)
def test_what_a_status_says_of_a_door_is_told_as_a_closing_without_a_grant(
    tags: tuple[str, ...] | None, evidence: Evidence, told: tuple[str, ...] | None
) -> None:
    expected = report(Outcome.CLOSED, op="st-1.1", grant=None, evidence=evidence, tags=told, seq=None)
    assert as_report(door(), status(tags)) == expected


def came_to(at: Door, tags: tuple[str, ...] | None, *known: Any) -> dict[str, Any] | None:
    """Return what comparing leaves of the door, and that it is all it leaves; None where nothing is lifted."""
    change = compare(scene(as_report(at, status(tags)), at, *known, rest=Rest()))
    if change is None:
        return None
    assert (change.events, change.cases, change.assets) == ((), (), ())
    return became(at, change.doors[0])


LIFTED = {"unlendable": None, "physical": "closed", "version": 10}


@pytest.mark.parametrize("why", ["unresolved", UNEXPECTED, "forced", "bank_revoked"])
def test_tags_as_recorded_lift_whatever_a_look_inside_settles(why: str) -> None:
    at = door(drill(), unlendable=why, physical="unknown")
    assert came_to(at, ("E1",), drill()) == LIFTED


@pytest.mark.parametrize("why", [None, "quarantined", "out_of_service", "in_repair"])
def test_tags_as_recorded_lift_nothing_else(why: str | None) -> None:
    assert came_to(door(drill(), unlendable=why), ("E1",), drill()) is None


@pytest.mark.parametrize(
    ("why", "ended", "lifts"),
    [
        ("unresolved", grant(Purpose.TAKE, **GIVEN_UP), True),
        ("unresolved", grant(Purpose.RETURN, **GIVEN_UP), False),
        ("unresolved", grant(Purpose.TAKE, GrantState.USED, over_at=BEFORE), False),
        ("unresolved", None, False),
        ("forced", grant(Purpose.TAKE, **GIVEN_UP), False),
    ],
)
def test_without_tags_only_the_doubt_of_an_unresolved_take_is_lifted(why: str, ended: Any, lifts: bool) -> None:
    at = door(unlendable=why, physical="unknown", grant=ended)
    assert came_to(at, None) == (LIFTED if lifts else None)
