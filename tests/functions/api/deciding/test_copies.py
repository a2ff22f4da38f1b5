"""Who else is told what somebody did about an alert: the others who read the same, where it can still be changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.deciding.copies import MOST, acted_too, copies
from tests.support.stories import DUE, HOUR, a_notice
from toolcrib.domain.notices import Acted, Notice, NoticeState, Posted
from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import replace

NOW = DUE + 3 * HOUR
PLACE = Posted(channel="C1", ts="1.000000")


def acted(at: datetime = NOW, op: str = "op-1") -> Acted:
    return Acted(reaction="acknowledge", by="p-9", at=at, op=op)


def out(name: str, **more: Any) -> Notice:
    given = {"to": To.SUPERVISOR, "recipient": name, "state": NoticeState.SENT, "posted": PLACE}
    return a_notice(**{"id": name, **given, **more})


PRESSED = out("p-9", acted=acted())


def told(*others: Notice) -> list[str]:
    return [each.id for each in copies(PRESSED, (PRESSED, *others))]


def test_every_other_supervisor_and_the_channel_are_told() -> None:
    channel = out("#tool-room", to=To.CHANNEL)
    assert set(told(out("p-8"), out("p-7", to=To.MANAGER), channel)) == {"p-8", "p-7", "#tool-room"}


@pytest.mark.parametrize(
    "more",
    [
        {"loan": "loan-2"},
        {"loan": None, "case": "case-1"},
        {"due_version": 2},
        {"to": To.HOLDER},
        {"posted": None},
        {"state": NoticeState.CANCELLED, "posted": None},
    ],
    ids=["another loan", "a case", "another due time", "the holder", "a mail", "never sent"],
)
def test_what_is_no_copy_stays_as_it_is(more: dict[str, Any]) -> None:
    assert told(out("p-8", **more)) == []


def test_what_is_on_its_way_is_told_too() -> None:
    assert told(out("p-8", state=NoticeState.SENDING, posted=None)) == ["p-8"]


def test_of_each_readers_messages_the_newest_is_changed() -> None:
    older, newer = out("old", recipient="p-8"), out("new", recipient="p-8", due_at=DUE + HOUR)
    assert told(newer, older) == ["new"]
    mail = out("mail", recipient="p-8", due_at=DUE + HOUR, via=Via.EMAIL, posted=None)
    assert told(newer, older, mail) == ["new"]


def test_one_press_changes_so_many_messages_at_most() -> None:
    others = [out(f"p-{number}", due_at=DUE + timedelta(minutes=number)) for number in range(100, 100 + MOST + 5)]
    assert told(*others) == [each.id for each in reversed(others)][:MOST]


def test_a_copy_is_marked_with_the_same_word_once() -> None:
    marked = acted_too(out("p-8"), PRESSED)
    assert marked is not None
    assert (marked.acted, marked.outdated_at, marked.wake_at, marked.version) == (PRESSED.acted, NOW, NOW, 2)
    assert acted_too(marked, PRESSED) is None
    assert acted_too(PRESSED, PRESSED) is None


def test_what_somebody_did_later_is_not_written_over() -> None:
    later = out("p-8", acted=acted(NOW + HOUR, "op-2"))
    assert acted_too(later, PRESSED) is None
    assert acted_too(replace(later, acted=acted(NOW - HOUR, "op-0")), PRESSED) is not None


def test_what_nobody_did_is_told_to_nobody() -> None:
    assert copies(replace(PRESSED, acted=None), (out("p-8"),)) == ()
