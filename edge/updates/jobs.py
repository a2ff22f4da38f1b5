"""AWS IoT Jobs as a bank sees them: what is next, and how far it is.

(https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html)
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec

from edge.enrolment.provisioning import Ask
from edge.enrolment.questions import RefusedError, SilentError

KIND: Final = "toolcrib-update"
MOST_CHARACTERS_OF_WHY: Final = 1_000  # AWS takes 1,024 of a detail
OVER: Final = frozenset({"TerminalStateReached", "ResourceNotFound", "InvalidStateTransition"})


class Status(StrEnum):
    """What a bank says of a job."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A job's document: the signed manifest, and where the bundle it names lies. The rest is for people who look."""

    kind: str
    manifest: str
    url: Annotated[str, msgspec.Meta(max_length=4_096)]


class Job(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One job of this bank's."""

    job_id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$(?!\n)")]
    job_document: dict[str, Any] = {}

    @property
    def order(self) -> Order | None:
        """What is to be done; None for a job that is not for this software."""
        try:
            order = msgspec.convert(self.job_document, Order)
        except msgspec.ValidationError:
            return None
        return order if order.kind == KIND else None


class _Next(msgspec.Struct, frozen=True, kw_only=True):
    execution: Job | None = None


class Jobs:
    """The jobs of one thing."""

    def __init__(self, thing: str, ask: Ask) -> None:
        self._base, self._ask = f"$aws/things/{thing}/jobs", ask

    async def next(self) -> Job | None:
        """Return the job that is next, or being worked on; raises RefusedError or SilentError."""
        try:
            return msgspec.convert(await self._ask(f"{self._base}/$next/get", {}), _Next).execution
        except msgspec.ValidationError as error:
            raise SilentError(f"the next job is not as documented: {error}") from error

    async def tell(self, job: str, status: Status, **details: str) -> None:
        """Say how far a job is; one that is over, or was taken back, is no longer told. Raises SilentError."""
        short = {name: text[:MOST_CHARACTERS_OF_WHY] for name, text in details.items() if text}
        said: Mapping[str, Any] = {"status": str(status), **({"statusDetails": short} if short else {})}
        try:
            await self._ask(f"{self._base}/{job}/update", said)
        except RefusedError as error:
            if error.code not in OVER:
                raise


def topics(thing: str) -> list[str]:
    """Return what to subscribe to: news of the next job, and answers."""
    base = f"$aws/things/{thing}/jobs"
    return [f"{base}/notify-next", f"{base}/$next/get/+", f"{base}/+/update/+"]
