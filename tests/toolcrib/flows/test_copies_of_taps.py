"""A broker may deliver a tap again, long after it was answered: it gives no used grant out anew (safety.md, I3, I9)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.banks import Upload
from tests.support.outcomes import GONE, lend, stage
from tests.support.workplace import FALLBACK, TOKEN, person, rules
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import PersonKind
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.flows import badge_tap
from toolcrib.flows import choice as choosing


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


def test_a_tap_whose_copy_is_served_between_its_reads_is_not_told_that_it_has_enough(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    hq = stage(here)
    tap = hq.tap_upload()
    event = tap.event(here.now)
    _before(monkeypatch, badge_tap, "find_person", lambda: here.deliver(tap.kind, event))
    answers = here.deliver(tap.kind, event)
    assert [each.kind for each in answers] == ["open", "open"]  # the copy was answered meanwhile
    assert {each.grant for each in answers} == {here.grant(1).id}


@pytest.mark.parametrize("account", ["", "@p-9"])
def test_a_choice_whose_copy_is_served_between_its_reads_is_not_told_that_it_has_enough(
    here: World, monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    hq = stage(here, mode=Mode.KIOSK)
    here.meet(person(9, kind=PersonKind.TEAM))
    here.meet(person(borrows_for=("p-9",)), TOKEN)
    choice = hq.choice_upload(hq.tap(), f"take:drill{account}")
    event = choice.event(here.now)
    _before(monkeypatch, choosing, "who_is_here", lambda: here.deliver(choice.kind, event))
    answers = here.deliver(choice.kind, event)
    assert [each.kind for each in answers] == ["open", "open"]  # the copy was answered meanwhile
    assert {each.grant for each in answers} == {here.grant(1).id}


def _before(patch: pytest.MonkeyPatch, flow: Any, read: str, copy: Callable[[], object]) -> None:
    """Let a copy be served before a flow reads something for the first time."""
    reads = getattr(flow, read)

    def after_the_copy(*what: Any) -> Any:
        patch.setattr(flow, read, reads)
        copy()
        return reads(*what)

    patch.setattr(flow, read, after_the_copy)
