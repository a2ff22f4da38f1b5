"""Scenes of messages that take turns: after others, and where a channel asked to be left alone."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.proof.faults.alerted import Ended, Together, a_return_changes_its_message, several_in_one_message
from tests.proof.faults.kept import a_loan_is_late, by_slack
from tests.proof.faults.runs import Batch, Run
from tests.proof.faults.stage import Stage, aside
from tests.support.workplace import ORG
from toolcrib.domain.amending import outdated
from toolcrib.domain.outbox import LEASE
from toolcrib.domain.pacing import Pace
from toolcrib.domain.record import replace
from toolcrib.send import slack_clients
from toolcrib.store.mapping import notice_item
from toolcrib.store.paces import find_pace, save_pace

SECOND = timedelta(seconds=1)


def by_slack_after_others(at: Stage) -> Batch:
    """Others were told a moment ago: it waits, and is looked at again."""
    told = by_slack(at)
    _busy(at, "slack#p-1")
    return told


def several_in_one_message_after_others(at: Stage) -> Together:
    told = several_in_one_message(at)
    _busy(at, "mail")
    return told


class Limited(Batch):
    """Slack asks for rest once, and takes what comes after it."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        if nth > 1:
            return super().deliver(stage, nth)
        with patch.object(slack_clients, "_ask", _rest):
            return super().deliver(stage, nth)


def by_slack_that_asks_for_rest(at: Stage) -> Limited:
    return Limited(by_slack(at).notice)


class Rested(Ended):
    """Slack asks for rest when its message is to be changed, once."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        if nth > 1:
            return super().deliver(stage, nth)
        with patch.object(slack_clients, "_ask", _rest):
            return super().deliver(stage, nth)


class Overtaken(Ended):
    """Somebody marks the notice anew while its message is being changed, once."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        if nth > 1:
            return super().deliver(stage, nth)

        def ask(*_: Any) -> tuple[int, dict[str, str], str]:
            marked = outdated(self._now(stage), stage.here.now)
            assert marked is not None
            with aside(stage.cloud):
                notice_item(ORG, marked).save()
            return 200, {}, '{"ok": true}'

        with patch.object(slack_clients, "_ask", ask):
            return super().deliver(stage, nth)


def a_return_changes_its_message_that_was_marked_anew_meanwhile(at: Stage) -> Overtaken:
    ended = a_return_changes_its_message(at)
    return Overtaken(ended.loan, ended.notice)


def a_return_changes_its_message_when_slack_has_rested(at: Stage) -> Rested:
    ended = a_return_changes_its_message(at)
    return Rested(ended.loan, ended.notice)


def a_return_changes_its_message_after_others(at: Stage) -> Ended:
    """Others have the next slots when the stream brings it, so many that it is put off."""
    ended = a_return_changes_its_message(at)
    busy = Pace(free_at=at.here.now + timedelta(minutes=3, seconds=10))
    save_pace(ORG, "slack#p-1", replace(busy, version=find_pace(ORG, "slack#p-1", at.here.now).version), at.here.now)
    return ended


def a_loan_is_late_whose_supervisor_was_told_a_moment_ago(at: Stage) -> Run:
    told = a_loan_is_late(at)
    save_pace(ORG, "email#p-9", Pace(told_at=at.here.now, told_by="n-0"), at.here.now)
    return told


class Along(Run):
    """A sweep, until whatever names a digest is in it."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        done = super().deliver(stage, nth)
        with aside(stage.cloud):
            known = {notice.id: notice for notice in stage.here.notices()}
        parts = [notice for notice in known.values() if notice.loan is not None]
        return done and all(part.digest in known and part.id in known[part.digest].parts for part in parts)


def a_digest_that_waited_takes_another_along(at: Stage) -> Along:
    several_in_one_message(at)
    part = next(notice for notice in at.here.notices() if notice.digest is not None)
    at.here.later(minutes=3)
    notice_item(ORG, replace(part, id="n-1", digest=None, wake_at=at.here.now, hold_until=None)).save()
    return Along("sweep", every_s=360)


def _rest(_request: Any, _timeout_s: float) -> tuple[int, dict[str, str], str]:
    return 429, {"Retry-After": "20"}, '{"ok": false, "error": "ratelimited"}'


def _busy(at: Stage, place: str) -> None:
    """Somebody has the next slots when the stream brings it."""
    first = at.here.now + LEASE + 15 * SECOND
    save_pace(ORG, place, Pace(free_at=first + 2 * SECOND), at.here.now)


KEPT = (
    a_loan_is_late_whose_supervisor_was_told_a_moment_ago,
    a_digest_that_waited_takes_another_along,
    by_slack_after_others,
    several_in_one_message_after_others,
    by_slack_that_asks_for_rest,
    a_return_changes_its_message_when_slack_has_rested,
    a_return_changes_its_message_after_others,
    a_return_changes_its_message_that_was_marked_anew_meanwhile,
)
