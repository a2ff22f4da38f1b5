"""A change takes its turn among the messages of its conversation, and leaves alone who asks for that."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.notices import amend_notice, slack
from chalicelib.notices.amend_notice import amend
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, put_person, rules, site
from toolcrib.domain import amending
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Acted, Notice, NoticeState, Posted
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice
from toolcrib.store.paces import find_pace
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
SECOND = timedelta(seconds=1)
PLACE = Posted(channel="C1", ts="1.000000")
ENDED_IN_TURN = 7  # a burst of four, and three who wait for as long as an urgent message does
PRESSED_IN_TURN = 4  # a burst of two, and two who wait


@pytest.fixture(autouse=True)
def workplace(naps: list[float]) -> Iterator[None]:
    with tables_in_memory():
        rules(site(), FALLBACK)
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA"))
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        yield


@pytest.fixture(autouse=True)
def changed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What messages say now, the one that was changed last last."""
    seen: list[str] = []
    monkeypatch.setattr(slack, "send", lambda *_, **__: PLACE)
    monkeypatch.setattr(slack, "amend", lambda _, message: seen.append(message.summary))
    return seen


def out(number: int, **more: Any) -> str:
    """Let a message be out that no longer says how things are."""
    given = {"state": NoticeState.SENT, "posted": PLACE, "outdated_at": NOW, "wake_at": NOW}
    notice = a_notice(**{"id": f"n-{number}", **given, **more})
    mapping.notice_item(ORG, notice).save()
    return notice.id


def returned(*_: Any) -> None:
    mapping.loan_item(ORG, a_loan(state=LoanState.CLOSED, returned_at=NOW, return_bank="hq-01", version=2)).save()


def record(number: int) -> Notice:
    return load_notice(ORG, f"n-{number}")


def test_changes_come_no_faster_than_messages(changed: list[str], naps: list[float]) -> None:
    returned()
    for number in range(9):
        amend(out(number), ORG, NOW)
    assert len(changed) == ENDED_IN_TURN
    assert naps == [1.0, 2.0, 3.0]


def test_messages_and_changes_share_the_turns_of_a_conversation() -> None:
    for number in range(PRESSED_IN_TURN):
        amend(out(number, acted=Acted(reaction="extend", by="p-1", at=NOW, op="o")), ORG, NOW)
    mapping.notice_item(ORG, a_notice(id="new", step="remind", due_at=NOW)).save()
    assert deliver("new", ORG, NOW) is NoticeState.PENDING
    assert load_notice(ORG, "new").attempts == 0


def test_what_is_over_is_said_before_what_was_pressed(changed: list[str]) -> None:
    pressed = Acted(reaction="extend", by="p-1", at=NOW, op="o")
    for number in range(PRESSED_IN_TURN + 1):
        amend(out(number, acted=pressed), ORG, NOW)
    assert len(changed) == PRESSED_IN_TURN
    returned()
    amend(out(9, acted=pressed, outdated_at=NOW + SECOND), ORG, NOW + SECOND)
    assert changed[PRESSED_IN_TURN:] == ["cam-2: returned at 19:30"]


def test_a_change_that_has_to_wait_is_put_off_and_has_failed_at_nothing(changed: list[str]) -> None:
    returned()
    for number in range(ENDED_IN_TURN + 1):
        amend(out(number), ORG, NOW)
    waiting = record(ENDED_IN_TURN)
    assert (waiting.outdated_at, waiting.last_error) == (NOW, None)
    assert waiting.wake_at is not None
    assert NOW < waiting.wake_at < NOW + 10 * SECOND
    assert mapping.notice_item(ORG, waiting).agenda_at is not None
    amend(waiting.id, ORG, waiting.wake_at)
    assert len(changed) == ENDED_IN_TURN + 1
    assert record(ENDED_IN_TURN).outdated_at is None


def test_a_change_waits_for_nobodys_cooldown_and_begins_none(changed: list[str]) -> None:
    mapping.notice_item(ORG, a_notice(id="told", due_at=NOW)).save()
    assert deliver("told", ORG, NOW) is NoticeState.SENT
    before = find_pace(ORG, "slack#p-1", NOW)
    amend(out(1), ORG, NOW)
    after = find_pace(ORG, "slack#p-1", NOW)
    assert len(changed) == 1
    assert (after.told_at, after.told_by) == (before.told_at, before.told_by)
    assert after.told_by == "told"


def limited(*_: Any) -> None:
    raise NotSent("slack_rate_limited", retry_after=400 * SECOND)


def test_what_slack_asks_of_a_change_holds_for_everybody_there(
    monkeypatch: pytest.MonkeyPatch, changed: list[str]
) -> None:
    with monkeypatch.context() as context:
        context.setattr(slack, "amend", limited)
        amend(out(1), ORG, NOW)
    asked = record(1)
    assert (asked.wake_at, asked.last_error) == (NOW + 400 * SECOND, "slack_rate_limited")
    amend(out(2), ORG, NOW + SECOND)
    assert (record(2).wake_at, record(2).last_error) == (NOW + 400 * SECOND, None)
    mapping.notice_item(ORG, a_notice(id="new", due_at=NOW, urgent=True)).save()
    assert deliver("new", ORG, NOW + SECOND) is NoticeState.PENDING
    amend(out(3, to=To.CHANNEL, recipient="#tool-room"), ORG, NOW + SECOND)
    assert len(changed) == 1


def test_what_came_back_while_its_change_waited_is_said_to_be_back(
    monkeypatch: pytest.MonkeyPatch, changed: list[str]
) -> None:
    pressed = Acted(reaction="extend", by="p-1", at=NOW, op="o")
    for number in range(2):
        amend(out(number, acted=pressed), ORG, NOW)
    monkeypatch.setattr(time, "sleep", returned)
    amend(out(2, acted=pressed), ORG, NOW)
    assert changed[-1] == "cam-2: returned at 19:30"


def test_a_change_that_was_overtaken_on_its_way_is_made_once_more(
    monkeypatch: pytest.MonkeyPatch, changed: list[str]
) -> None:
    """One says what was pressed, and is slow; meanwhile the thing comes back, and another says so, who is fast."""
    change = slack.amend

    def slowly(place: Posted, message: Message) -> None:
        monkeypatch.setattr(slack, "amend", change)
        returned()
        mark(1, NOW)
        amend("n-1", ORG, NOW)
        change(place, message)

    monkeypatch.setattr(slack, "amend", slowly)
    amend(out(1, acted=Acted(reaction="extend", by="p-1", at=NOW, op="o")), ORG, NOW)
    assert changed[0] == "cam-2: returned at 19:30" != changed[1]
    assert record(1).outdated_at == NOW
    amend("n-1", ORG, NOW)
    assert changed[2] == "cam-2: returned at 19:30"
    assert record(1).outdated_at is None


def mark(number: int, now: datetime) -> None:
    marked = amending.outdated(record(number), now)
    assert marked is not None
    mapping.notice_item(ORG, marked).save()


def test_marking_sends_nothing_by_itself(changed: list[str]) -> None:
    mapping.notice_item(ORG, a_notice(id="told", due_at=NOW)).save()
    deliver("told", ORG, NOW)
    returned()
    amend_notice.outdate("loan-1", ORG, NOW)
    assert changed == []
    assert load_notice(ORG, "told").outdated_at == NOW
