"""EventBridge Scheduler and Lambda, as far as one-time starts need them."""

from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse

from tests.support.aws.http import Asked, No, yes


@dataclass
class Clockwork:
    """`schedules` by name as they were made; `started` are the payloads of functions that were started."""

    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    started: list[dict[str, Any]] = field(default_factory=list)

    def scheduler(self, asked: Asked) -> AWSResponse:
        """Make a schedule, under a name that nobody has yet."""
        assert asked.operation == "CreateSchedule"
        name = asked.path[-1]
        if name in self.schedules:
            raise No("ConflictException", 409, f"Schedule {name} already exists.")
        self.schedules[name] = asked.json
        return yes(asked, {"ScheduleArn": f"arn:aws:scheduler:us-east-1:000000000000:schedule/toolcrib-acme/{name}"})

    def functions(self, asked: Asked) -> AWSResponse:
        """Start a function, and do not wait for it."""
        assert asked.operation == "Invoke"
        assert asked.header("X-Amz-Invocation-Type") == "Event"
        self.started.append(asked.json)
        return yes(asked, raw=b"")
