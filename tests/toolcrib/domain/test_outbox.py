"""One notice in its senders' hands: claimed once, tried again at growing distances, never told when no longer true."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolcrib.domain import outbox
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.pacing import LONGEST_OBEYED
from toolcrib.domain.policies import Period, Step, Terms, To, Via
from toolcrib.domain.record import replace

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def notice(**more: Any) -> Notice:
    given = {
        "id": "n",
        "loan": "l",
        "due_version": 1,
        "step": "PT2H",
        "to": To.HOLDER,
        "recipient": "p",
        "via": Via.SLACK,
        "due_at": NOW,
    }
    return Notice(**{**given, **more})


def loan(**more: Any) -> Loan:
    terms = Terms(policy="x", period=Period(after=timedelta(hours=8)), ladder=more.pop("ladder", ()))
    given = {
        "id": "l",
        "asset": "a",
        "type": "t",
        "person": "p",
        "site": "hq",
        "bank": "hq-01",
        "door": 1,
        "state": LoanState.OPEN,
        "authorised_at": NOW,
        "taken_at": NOW,
        "due_at": NOW,
        "terms": terms,
    }
    return Loan(**{**given, **more})


def case(**more: Any) -> Case:
    return Case(**{"id": "c", "kind": CaseKind.FORCED, "opened_at": NOW, **more})


def judged(of: Notice, about: Loan | Case | None, now: datetime = NOW) -> Notice:
    answer = outbox.judged(of, about, now)
    assert answer is not None
    return answer


@pytest.mark.parametrize("state", sorted(set(NoticeState) - {NoticeState.PENDING, NoticeState.SENDING}))
def test_what_is_over_is_never_looked_at_again(state: NoticeState) -> None:
    assert not outbox.ready(notice(state=state), NOW)


def test_a_new_notice_is_ready_although_the_agenda_looks_later() -> None:
    assert outbox.ready(notice(wake_at=NOW + 2 * MINUTE), NOW)


def test_a_notice_in_anothers_hands_is_left_until_the_lease_runs_out() -> None:
    sending = judged(notice(), loan())
    assert not outbox.ready(sending, NOW + MINUTE)
    assert outbox.ready(sending, NOW + outbox.LEASE)


def test_a_failed_one_waits_for_its_pause() -> None:
    again = outbox.failed(judged(notice(), loan()), "slack_http_503", NOW)
    assert not outbox.ready(again, NOW + timedelta(seconds=14))
    assert outbox.ready(again, NOW + outbox.FIRST_PAUSE)


def test_claiming_counts_the_try_and_remembers_the_first() -> None:
    first = judged(notice(), loan())
    second = judged(first, loan(), NOW + outbox.LEASE)
    assert (first.state, first.attempts, first.first_tried_at, first.version) == (NoticeState.SENDING, 1, NOW, 2)
    assert (second.attempts, second.first_tried_at, second.version) == (2, NOW, 3)


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_a_loan_that_is_not_open_is_not_told_about(state: LoanState) -> None:
    assert judged(notice(), loan(state=state)).state is NoticeState.CANCELLED


def test_another_due_version_cancels() -> None:
    assert judged(notice(due_version=1), loan(due_version=2)).state is NoticeState.CANCELLED


def test_what_is_no_longer_on_record_is_not_told_about() -> None:
    assert judged(notice(), None).state is NoticeState.CANCELLED


def test_a_case_that_is_resolved_is_not_told_about() -> None:
    of = notice(loan=None, case="c", due_version=None)
    assert judged(of, case(state=CaseState.RESOLVED)).state is NoticeState.CANCELLED
    assert judged(of, case()).state is NoticeState.SENDING


def test_a_pause_holds_back_the_holder_and_nobody_else() -> None:
    paused = loan(paused_until=NOW + timedelta(days=3))
    waiting = judged(notice(), paused)
    assert (waiting.state, waiting.wake_at) == (NoticeState.PENDING, paused.paused_until)
    assert judged(notice(to=To.SUPERVISOR), paused).state is NoticeState.SENDING


def test_a_notice_that_waits_already_is_not_written_again() -> None:
    paused = loan(paused_until=NOW + timedelta(days=3))
    assert outbox.judged(judged(notice(), paused), paused, NOW) is None


def test_a_pause_that_is_over_holds_nothing_back() -> None:
    assert judged(notice(), loan(paused_until=NOW)).state is NoticeState.SENDING


def test_a_return_during_the_pause_cancels() -> None:
    paused = loan(paused_until=NOW + timedelta(days=3), state=LoanState.CLOSED)
    assert judged(notice(), paused).state is NoticeState.CANCELLED


def test_the_channel_is_left_alone_as_long_as_it_asks_but_for_an_hour_at_most() -> None:
    sending = judged(notice(), loan())
    assert outbox.failed(sending, "slack_rate_limited", NOW, 5 * MINUTE).wake_at == NOW + 5 * MINUTE
    assert outbox.failed(sending, "slack_rate_limited", NOW, timedelta(days=9)).wake_at == NOW + LONGEST_OBEYED


def test_a_channel_that_asks_for_patience_after_an_outage_is_tried_soon() -> None:
    """G9: who was turned away by the first rush after a day without Slack was told 17 minutes after it was back."""
    sending = judged(notice(attempts=200, first_tried_at=NOW - timedelta(days=1)), loan())
    down = outbox.failed(sending, "slack_http_503", NOW)
    busy = outbox.failed(sending, "slack_rate_limited", NOW, timedelta(seconds=30))
    assert down.wake_at is not None
    assert busy.wake_at is not None
    assert down.wake_at - NOW >= 5 * MINUTE
    assert timedelta(seconds=30) <= busy.wake_at - NOW <= outbox.SOON


def test_after_72_hours_of_trying_it_is_given_up_with_the_last_reason() -> None:
    old = replace(judged(notice(), loan()), first_tried_at=NOW - outbox.GIVE_UP_AFTER)
    over = outbox.failed(old, "slack_http_503", NOW)
    assert (over.state, over.last_error, over.wake_at) == (NoticeState.GIVEN_UP, "slack_http_503", None)


def test_a_late_first_failure_is_not_the_end() -> None:
    """After an outage of days of our own, one blip of Slack must not lose what was due then."""
    stale = notice(due_at=NOW - timedelta(days=9))
    assert outbox.failed(judged(stale, loan()), "slack_http_503", NOW).state is NoticeState.PENDING


def test_a_notice_that_kills_its_senders_is_given_up_too() -> None:
    dying = replace(judged(notice(), loan()), first_tried_at=NOW - outbox.GIVE_UP_AFTER)
    assert judged(dying, loan()).last_error == "sender_died"


def test_sent_is_the_end() -> None:
    done = outbox.sent(judged(notice(last_error="slack_http_503"), loan()), NOW)
    assert (done.state, done.sent_at, done.wake_at, done.last_error) == (NoticeState.SENT, NOW, None, None)


@settings(deadline=None, derandomize=True)
@given(attempts=st.integers(min_value=1, max_value=10_000), name=st.text(max_size=30))
def test_pauses_grow_to_ten_minutes_and_are_the_same_in_every_replay(attempts: int, name: str) -> None:
    of = notice(id=name, attempts=attempts)
    wake = outbox.failed(of, "x", NOW).wake_at
    assert wake is not None
    assert timedelta(seconds=15) <= wake - NOW <= outbox.LONGEST_PAUSE
    assert wake == outbox.failed(of, "x", NOW).wake_at


def test_a_crowd_that_failed_together_does_not_come_back_together() -> None:
    wakes = {outbox.failed(notice(id=f"n{number}", attempts=4), "x", NOW).wake_at for number in range(50)}
    assert len(wakes) > 40


def outage(until: datetime) -> tuple[Notice, datetime]:
    """Fail every try until then; return the record and when it would be looked at next."""
    record, now = notice(), NOW
    while record.state is NoticeState.PENDING and now < until:
        record = outbox.failed(judged(record, loan(), now), "slack_http_503", now)
        now = record.wake_at or now
    return record, now


def test_after_a_day_without_slack_it_is_out_within_a_quarter_of_an_hour() -> None:
    back = NOW + timedelta(hours=24)
    record, wake = outage(back)
    assert record.state is NoticeState.PENDING
    assert wake - back <= timedelta(minutes=14)  # the sweeper runs every minute


def test_three_days_without_slack_are_the_end() -> None:
    record, last = outage(NOW + timedelta(days=30))
    assert record.state is NoticeState.GIVEN_UP
    assert timedelta(hours=72) <= last - NOW <= timedelta(hours=72, minutes=10)


def test_the_same_word_by_another_channel_is_known_from_the_ladder() -> None:
    def step(to: To, via: Via, hours: int = 2) -> Step:
        return Step(offset=timedelta(hours=hours), to=to, via=via)

    both = loan(ladder=(step(To.HOLDER, Via.SLACK), step(To.HOLDER, Via.EMAIL)))
    assert outbox.told_another_way(notice(), both)
    assert not outbox.told_another_way(notice(), loan(ladder=(step(To.HOLDER, Via.SLACK),)))
    assert not outbox.told_another_way(notice(), loan(ladder=(step(To.MANAGER, Via.EMAIL),)))
    assert not outbox.told_another_way(notice(), loan(ladder=(step(To.HOLDER, Via.EMAIL, hours=3),)))


def test_supervisors_get_urgent_cases_both_ways_and_others_by_mail_alone() -> None:
    of = notice(loan=None, case="c", to=To.SUPERVISOR)
    assert outbox.told_another_way(of, case(kind=CaseKind.FORCED))
    assert not outbox.told_another_way(of, case(kind=CaseKind.FAULT))
    assert not outbox.told_another_way(replace(of, to=To.CHANNEL), case(kind=CaseKind.FORCED))


def test_a_held_notice_waits_until_the_sweeper_lets_it_go() -> None:
    assert not outbox.ready(notice(hold_until=NOW), NOW + MINUTE)
    assert outbox.ready(notice(hold_until=None), NOW)
