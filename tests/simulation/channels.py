"""Slack and mail as they are at their worst: down, throttled, or deaf after they heard."""

from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from slack_sdk.errors import SlackApiError

from tests.simulation.faults import Faults
from tests.simulation.hub import Hub, Task


@dataclass
class Channels:
    """Counts what was heard of each notice, and whose answer was lost (safety.md, I10)."""

    hub: Hub
    faults: Faults
    spoke: set[Task]
    heard: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def chat_update(self, **_: Any) -> None:
        """Be Slack, where a message is changed."""
        self.hub.pause(50)
        if self.faults.strikes("slack down"):
            raise SlackApiError("down", _Answer())

    def chat_postMessage(self, **_: Any) -> dict[str, str]:  # noqa: N802 - as Slack's client has it
        """Be Slack."""
        self.hub.pause(50)
        if self.faults.strikes("slack down"):
            raise SlackApiError("down", _Answer())
        self._hear("slack")
        return {"channel": "C1", "ts": f"{sum(self.heard.values())}.000000"}

    def send_email(self, **_: Any) -> dict[str, str]:
        """Be SES."""
        self.hub.pause(50)
        if self.faults.strikes("mail throttled"):
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "SendEmail")
        self._hear("mail")
        return {"MessageId": "m"}

    def _hear(self, what: str) -> None:
        task = self.hub.task
        assert task is not None
        notice = task.about.removeprefix("notice ")
        self.hub.happens(what, notice)
        self.heard[notice] += 1
        self.spoke.add(task)
        if self.faults.strikes("answer of a channel lost"):
            self.lost[notice] += 1
            raise TimeoutError if what == "slack" else ReadTimeoutError(endpoint_url="https://email")


class _Answer:
    """What Slack says while it is down."""

    status_code = 503
    data = "unavailable"
    headers = MappingProxyType[str, str]({})

    def get(self, _name: str, other: Any = None) -> Any:
        """Be a dictionary without entries."""
        return other
