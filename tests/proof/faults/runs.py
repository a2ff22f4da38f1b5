"""What the clock, the table's stream and the sign-in set going."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.proof.faults.stage import Stage, aside
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.outbox import LEASE

SENDING = ("sending.py:_posted", "sending.py:recorded")
UNDONE = ("failed", "overtaken", "left_for_next_run")


@dataclass
class Run:
    """A scheduled function: what broke off or was left is done by a later run."""

    function: str
    every_s: int = 60

    def deliver(self, stage: Stage, nth: int) -> bool:
        now = stage.later(seconds=self.every_s * nth)
        answer, _, broke_off = stage.invoke("schedules", self.function, {"time": now.isoformat()})
        with aside(stage.cloud):
            left = _left(stage.here.notices(), now)
        return not broke_off and not left and not any(answer.get(each) for each in UNDONE)


@dataclass
class Batch:
    """A new notice in the stream: Lambda brings a failed record again, the sweeper wakes what a dead sender held."""

    notice: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=(LEASE.total_seconds() + 15) * nth)
        if nth > 1:  # the stream has given it up
            stage.invoke("schedules", "sweep", {"time": stage.here.now.isoformat()})
        answer, _, broke_off = stage.invoke("notices", "deliver", {"Records": [self.record(stage)]})
        sent = len(stage.cloud.mails) + len(stage.posted)
        stage.told += ["sent"] if 0 < sent <= 1 + _unknown(stage) else [f"sent {sent} times"] if sent else []
        with aside(stage.cloud):
            (state,) = {str(notice.state) for notice in stage.here.notices() if notice.id == self.notice}
        return not broke_off and not answer["batchItemFailures"] and state not in UNDELIVERED

    def record(self, stage: Stage) -> dict[str, Any]:
        key = (f"acme#NOTICE#{self.notice}", "NOTICE")
        image = stage.cloud.dynamo.snapshot()["state"][key]
        changed = {"SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": image}
        return {"eventID": "e1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": changed}


@dataclass
class LoanInTheStream:
    """A loan that changed: Lambda brings a failed record again; what was arranged, and how often, is told."""

    loan: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=nth)
        image = stage.cloud.dynamo.snapshot()["state"][f"acme#LOAN#{self.loan}", "LOAN"]
        changed = {"SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": image}
        record = {"eventID": "e1", "eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": changed}
        answer, _, broke_off = stage.invoke("schedules", "arrange", {"Records": [record]})
        clockwork = stage.cloud.clockwork
        stage.told = [f"{len(clockwork.schedules)} arranged, {'some' if clockwork.started else 'none'} started"]
        return not broke_off and not answer["batchItemFailures"]


@dataclass
class Word:
    """What SES says of a mail; EventBridge says it again where the function failed."""

    event: dict[str, Any]

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=60 * nth)
        _, _, broke_off = stage.invoke("notices", "feedback", self.event)
        return not broke_off


def _left(notices: list[Notice], now: datetime) -> bool:
    """Whether a run that broke off left a notice in hand, or a part without its digest: a later one finds them."""
    known = {notice.id for notice in notices}
    waiting = [notice for notice in notices if notice.state in UNDELIVERED]
    in_hand = any(notice.hold_until is not None and notice.hold_until <= now for notice in waiting)
    return in_hand or any(notice.digest is not None and notice.digest not in known for notice in waiting)


def _unknown(stage: Stage) -> int:
    """Return how many sends there may have been of which nobody knows: their answer or its record was lost (I10)."""
    return sum(
        any(part in name for part in SENDING for name in fault.spot.site.chain) for fault in stage.injector.injected
    )


@dataclass
class SignIn:
    """Somebody who signs in until they have their token."""

    subject: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=10 * nth)
        attributes = {"userAttributes": {"sub": self.subject}, "groupConfiguration": {}, "scopes": []}
        event = {"version": "2", "request": attributes, "response": {"claimsAndScopeOverrideDetails": None}}
        answer, _, broke_off = stage.invoke("api", "pre_token", event)
        if not broke_off:
            stage.told.append(str(answer["response"]))
        return not broke_off
