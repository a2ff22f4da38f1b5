"""Scenes of messages that take turns: after others, and where a channel asked to be left alone."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.proof.faults.alerted import Together, several_in_one_message
from tests.proof.faults.kept import by_slack
from tests.proof.faults.runs import Batch
from tests.proof.faults.stage import Stage
from tests.support.workplace import ORG
from toolcrib.domain.outbox import LEASE
from toolcrib.domain.pacing import Pace
from toolcrib.send import slack_clients
from toolcrib.store.paces import save_pace

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


def _rest(_request: Any, _timeout_s: float) -> tuple[int, dict[str, str], str]:
    return 429, {"Retry-After": "20"}, '{"ok": false, "error": "ratelimited"}'


def _busy(at: Stage, place: str) -> None:
    """Somebody has the next slots when the stream brings it."""
    first = at.here.now + LEASE + 15 * SECOND
    save_pace(ORG, place, Pace(free_at=first + 2 * SECOND, version=1), at.here.now)


KEPT = (by_slack_after_others, several_in_one_message_after_others, by_slack_that_asks_for_rest)
