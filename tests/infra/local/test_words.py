"""A visit in plain words: every outcome of a door, every sensor, every silence."""

from typing import Any

import pytest

from edge.simulation.transcript import Transcript
from edge.uploads import Outcome
from infra.local import words

SEEN = Transcript(bank="hq-01", answer="open", door=3, grant="g", acknowledged=True).as_json()


def said(**visit: Any) -> list[str]:
    return list(words.happened("hq-01", {**SEEN, **visit}))


@pytest.mark.parametrize("outcome", [each.value for each in Outcome])
def test_every_outcome_of_a_door_has_its_sentence(outcome: str) -> None:
    (sentence,) = said(outcome=outcome)
    assert "oor 3" in sentence


@pytest.mark.parametrize(
    ("sensors", "seen"),
    [
        ({"tags": []}, "The reader sees 0 tags inside."),
        ({"tags": ["E200"]}, "The reader sees 1 tag inside."),
        ({"present": True}, "Something is inside."),
        ({"present": False}, "It is empty."),
        ({}, "No sensor looks inside."),
    ],
    ids=str,
)
def test_what_the_sensors_saw_is_said(sensors: dict[str, Any], seen: str) -> None:
    assert said(outcome="closed", **sensors)[0].endswith(seen)


def test_an_unacknowledged_and_a_rejected_report_are_told_apart() -> None:
    assert "not acknowledged yet" in said(outcome="closed", acknowledged=False)[1]
    assert "rejected (no such grant)" in said(outcome="closed", acknowledged=False, rejected="no_such_grant")[1]


def test_a_door_that_nobody_reported_on_was_unlocked() -> None:
    assert said(outcome=None) == ["Door 3 was unlocked."]


def test_an_option_tells_title_door_and_due_time() -> None:
    option = {"title": "Take [laptop]", "note": "last one", "door": None, "due_at": None}
    assert words.option(option) == (r"Take \[laptop] [dim](last one)[/dim]", "", "")
