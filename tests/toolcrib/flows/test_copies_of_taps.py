"""A broker may deliver a tap again, long after it was answered: it gives no used grant out anew (safety.md, I3, I9)."""

from typing import Any

import pytest

from tests.support.banks import Upload
from tests.support.outcomes import GONE, lend, stage
from tests.support.world import World


def late_copy(here: World, upload: Upload) -> dict[str, Any]:
    """What the rule makes of the same bytes when the broker delivers them again now."""
    return {**upload.event(upload.at), "received_ms": round(here.now.timestamp() * 1000)}


def test_a_copy_of_a_tap_that_was_served_issues_no_used_grant_anew(here: World) -> None:
    hq, loan = lend(here)
    tap = hq.tap_upload()
    (opened,) = here.deliver(tap.kind, tap.event(here.now))
    nothing = hq.saw(opened, "closed", **GONE["tags"])
    hq.send(nothing)
    here.later(seconds=45)
    (answer,) = here.deliver(tap.kind, late_copy(here, tap))
    assert answer.code == "door_busy"
    assert not here.grant(opened.door).live
    hq.repeat(nothing)
    assert [str(event.move) for event in here.events()] == ["taken", "not_returned"]
    assert here.loan(loan).state == "open"


def test_whoever_taps_anew_after_that_is_served(here: World) -> None:
    hq, loan = lend(here)
    tap = hq.tap_upload()
    (opened,) = here.deliver(tap.kind, tap.event(here.now))
    hq.does(opened, "closed", **GONE["tags"])
    here.deliver(tap.kind, late_copy(here, tap))
    here.later(seconds=20)
    again = hq.tap()
    hq.does(again, "closed", tags=["E2000001"])
    assert here.loan(loan).state == "closed"


@pytest.mark.parametrize("ending", ["closed", "not_opened"])
def test_a_copy_of_a_tap_that_took_something_takes_nothing(here: World, ending: str) -> None:
    hq = stage(here)
    tap = hq.tap_upload()
    (opened,) = here.deliver(tap.kind, tap.event(here.now))
    hq.does(opened, ending, **(GONE["tags"] if ending == "closed" else {}))
    before = here.how_many("LOAN")
    here.deliver(tap.kind, late_copy(here, tap))
    assert here.how_many("LOAN") == before


def test_a_report_of_what_no_loan_remembers_is_heard_once_even_if_its_grant_was_issued_anew(here: World) -> None:
    hq, loan = lend(here, "door_only")
    hq.does(None, "forced", door=1)
    here.sweep()
    back = hq.tap()
    report = hq.saw(back, "closed")
    hq.send(report)
    moves = [str(event.move) for event in here.events()]
    hq.repeat(report)
    assert [str(event.move) for event in here.events()] == moves
    assert here.loan(loan).state == "closed"
