"""One-time starts of the sweep: at a minute through EventBridge Scheduler, or at once."""

from datetime import datetime

import msgspec
from botocore.exceptions import ClientError

from toolcrib.clients import client
from toolcrib.domain.events import instant
from toolcrib.settings import settings

RETRIES, OLDEST_S = 2, 120  # the sweep that runs every minute is the net below


def start_at(name: str, at: datetime, moment: datetime) -> bool:
    """Start waiting for `moment` at the minute `at`; False where that was asked for before."""
    try:
        client("scheduler").create_schedule(
            Name=name,
            GroupName=settings().schedule_group,
            ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": settings().sweep_at_function,
                "RoleArn": settings().schedule_role,
                "Input": _event(moment).decode(),
                "RetryPolicy": {"MaximumRetryAttempts": RETRIES, "MaximumEventAgeInSeconds": OLDEST_S},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConflictException":
            return False
        raise
    return True


def start_now(moment: datetime) -> None:
    """Start waiting for `moment` at once."""
    client("lambda").invoke(FunctionName=settings().sweep_at_function, InvocationType="Event", Payload=_event(moment))


def _event(moment: datetime) -> bytes:
    return msgspec.json.encode({"time": instant(moment)})
