"""A message that is out: marked when it is over, changed by one at a time, tried again for as long as a delivery."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.stories import a_case, a_loan, a_notice
from toolcrib.domain import amending, outbox
from toolcrib.domain.amending import Ending
from toolcrib.domain.cases import CaseState
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import UNDELIVERED, Acted, Notice, NoticeState, Posted
from toolcrib.domain.outbox import GIVE_UP_AFTER, LEASE
from toolcrib.domain.record import replace

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLACE = Posted(channel="C1", ts="1.000000")


def out(**more: Any) -> Notice:
    return a_notice(**{"state": NoticeState.SENT, "sent_at": NOW, "posted": PLACE, **more})


def marked(**more: Any) -> Notice:
    notice = amending.outdated(out(**more), NOW)
    assert notice is not None
    return notice


def test_what_is_out_in_slack_is_marked_and_due_at_once() -> None:
    notice = marked()
    assert (notice.outdated_at, notice.wake_at, notice.version) == (NOW, NOW, 2)


@pytest.mark.parametrize("state", sorted(UNDELIVERED))
def test_what_is_not_out_yet_is_marked_and_wakes_when_it_would_have(state: NoticeState) -> None:
    later = NOW + MINUTE
    notice = amending.outdated(a_notice(state=state, wake_at=later), NOW)
    assert notice is not None
    assert (notice.outdated_at, notice.wake_at, notice.state) == (NOW, later, state)


@pytest.mark.parametrize("state", sorted(set(NoticeState) - UNDELIVERED))
def test_what_cannot_be_changed_is_left_alone(state: NoticeState) -> None:
    assert amending.outdated(a_notice(state=state), NOW) is None


def test_one_at_a_time_changes_a_message() -> None:
    claimed = amending.claimed(marked(), NOW)
    assert claimed is not None
    assert amending.claimed(claimed, NOW + LEASE - MINUTE) is None
    assert amending.claimed(claimed, NOW + LEASE) is not None


def test_a_message_that_says_what_is_so_is_not_changed() -> None:
    assert amending.claimed(out(), NOW) is None
    assert amending.claimed(amending.amended(marked()), NOW) is None


def test_a_change_is_tried_again_after_a_while_and_in_the_end_no_more() -> None:
    notice = amending.not_amended(marked(), "slack_timeout", NOW + MINUTE)
    assert (notice.outdated_at, notice.last_error) == (NOW, "slack_timeout")
    assert NOW + 2 * MINUTE < (notice.wake_at or NOW) < NOW + 15 * MINUTE
    ended = amending.not_amended(notice, "slack_timeout", NOW + GIVE_UP_AFTER)
    assert (ended.outdated_at, ended.wake_at, ended.state) == (None, None, NoticeState.SENT)


def test_who_waits_for_their_turn_has_tried_nothing() -> None:
    waiting = amending.put_off(marked(last_error="slack_timeout"), NOW + MINUTE)
    assert (waiting.wake_at, waiting.outdated_at, waiting.last_error) == (NOW + MINUTE, NOW, "slack_timeout")
    assert waiting.version == marked().version + 1


@pytest.mark.parametrize(("asked_s", "waits_s"), [(0, 120), (30, 120), (400, 400), (10**6, 3600)])
def test_slack_is_left_alone_for_as_long_as_it_asks_up_to_an_hour(asked_s: int, waits_s: int) -> None:
    notice = amending.not_amended(marked(), "slack_rate_limited", NOW, timedelta(seconds=asked_s))
    assert notice.wake_at == NOW + timedelta(seconds=waits_s)


def test_what_ends_a_message_is_told_from_what_was_pressed() -> None:
    pressed = Acted(reaction="acknowledge", by="p-9", at=NOW, op="op-1")
    assert amending.ends(marked())
    assert not amending.ends(marked(acted=pressed))
    assert amending.ends(marked(acted=replace(pressed, at=NOW - MINUTE)))


def test_what_was_pressed_while_it_was_being_sent_is_kept() -> None:
    sending = a_notice(state=NoticeState.SENDING, attempts=1, wake_at=NOW + LEASE)
    pressed = Acted(reaction="acknowledge", by="p-9", at=NOW, op="op-1")
    present = amending.outdated(replace(sending, acted=pressed), NOW)
    assert present is not None
    ended = outbox.over(outbox.sent(sending, NOW, PLACE), present)
    assert (ended.acted, ended.outdated_at) == (pressed, NOW)


def test_a_mark_set_while_it_was_being_sent_is_kept() -> None:
    sending = a_notice(state=NoticeState.SENDING, attempts=1, wake_at=NOW + LEASE)
    present = amending.outdated(sending, NOW)
    assert present is not None
    ended = outbox.over(outbox.sent(sending, NOW, PLACE), present)
    assert (ended.state, ended.outdated_at, ended.wake_at, ended.version) == (NoticeState.SENT, NOW, NOW, 3)
    assert amending.claimed(ended, NOW) is not None


def test_a_mark_on_what_went_by_mail_is_dropped() -> None:
    sending = a_notice(state=NoticeState.SENDING, attempts=1)
    ended = outbox.over(outbox.sent(sending, NOW), replace(sending, outdated_at=NOW))
    assert (ended.outdated_at, ended.wake_at) == (None, None)


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ({}, None),
        ({"due_version": 2}, Ending.DUE_AGAIN),
        ({"state": LoanState.CLOSED, "return_bank": "hq-01"}, Ending.RETURNED),
        ({"state": LoanState.CLOSED, "return_bank": "hq-01", "handed_to": "l2"}, Ending.HANDED_OVER),
        ({"state": LoanState.CLOSED}, Ending.CLOSED),
        ({"state": LoanState.VOID}, Ending.CLOSED),
    ],
)
def test_how_a_loan_ended_is_told(more: dict[str, Any], how: Ending | None) -> None:
    assert amending.ending(out(), a_loan(**more)) is how


def test_a_case_that_is_resolved_is_over() -> None:
    about = out(loan=None, case="case-1", due_version=None)
    assert amending.ending(about, a_case()) is None
    assert amending.ending(about, a_case(state=CaseState.RESOLVED)) is Ending.RESOLVED
    assert amending.ending(about, None) is None
