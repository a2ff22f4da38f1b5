"""S3, where the bodies of rosters lie, and the line on which banks download them: both fail, and links run out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from botocore.exceptions import ClientError, EndpointConnectionError

from edge.actions import Fetch
from tests.simulation.faults import Faults
from tests.simulation.hub import Hub
from tests.support.faults import Killed

CALL_MS: Final = (5, 60)
QUICK_MS: Final = (20, 400)
LATE_MS: Final = (50_000, 90_000)  # about as long as a link is good for
ADDRESS: Final = "https://bucket.example/"


@dataclass
class Bucket:
    """Keeps objects by name. A call of it is a place where others go first, or the function dies."""

    hub: Hub
    faults: Faults
    objects: dict[str, bytes] = field(default_factory=dict)

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> dict[str, str]:  # noqa: N803 - as botocore has it
        """Write an object."""
        self._called(lambda: self.objects.update({Key: Body}))
        return {}

    def get_object(self, *, Key: str, **_: Any) -> dict[str, BytesIO]:  # noqa: N803
        """Read an object."""
        self._called(lambda: None)
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": ""}}, "GetObject")
        return {"Body": BytesIO(self.objects[Key])}

    def generate_presigned_url(self, _operation: str, *, Params: dict[str, str], ExpiresIn: int) -> str:  # noqa: N803
        """Return an address; S3 is not asked for it."""
        return f"{ADDRESS}{Params['Key']}?until={self.hub.now_ms + ExpiresIn * 1000}"

    def download(self, fetch: Fetch, then: Callable[[int, bytes | None], None]) -> None:
        """Let a bank read what lies at an address: `then` is called with after how long, and with what, at most."""
        late = self.faults.strikes("download late")
        delay_ms = self.hub.chance("line/download").randint(*(LATE_MS if late else QUICK_MS))
        name, _, until = fetch.url.removeprefix(ADDRESS).partition("?until=")
        body = self.objects.get(name)
        if self.faults.strikes("download lost") or body is None or self.hub.now_ms + delay_ms > int(until):
            body = None
        elif self.faults.strikes("download broken"):
            body = body[:-2] + b" }"
        then(delay_ms, body if body is None or len(body) <= fetch.bytes else None)

    def _called(self, do: Callable[[], None]) -> None:
        task = self.hub.task
        assert task is not None
        if self.faults.strikes("bucket killed before"):
            raise Killed
        self.hub.pause(self.hub.chance("bucket").randint(*CALL_MS))
        if self.faults.strikes("bucket down"):
            raise EndpointConnectionError(endpoint_url=ADDRESS)
        do()
        if self.faults.strikes("bucket killed after"):
            raise Killed
