"""Photos of faults: held in memory until the cloud says where they go, then sent from here.

The controller sends them, not the page: the page reaches nothing but this machine, and its policy forbids it more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

log = logging.getLogger(__name__)
MAX_PHOTO_BYTES: Final = 1_000_000  # the page makes them smaller; a store takes 5 MB
MOST_WAITING: Final = 4
TRIES: Final = 3
TIMEOUT_S: Final = 60.0
JPEG: Final = b"\xff\xd8\xff"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

Field = Annotated[str, msgspec.Meta(max_length=8_192)]


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Where a photo goes: a multipart form of `fields`, with the `file` last (docs/mqtt.md)."""

    url: Annotated[str, msgspec.Meta(max_length=4_096)]
    fields: dict[Annotated[str, msgspec.Meta(max_length=256)], Field]


Post = Callable[[Form, bytes], Awaitable[None]]


class Photos:
    """The one being taken, and those that wait for the cloud's word."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._held: bytes | None = None
        self._waiting: dict[str, bytes] = {}
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def held(self) -> bool:
        """Whether one was taken for the report that is being written."""
        return self._held is not None

    def hold(self, jpeg: bytes) -> None:
        """Keep a photo for the report that is being written; raises ValueError for what is no JPEG or too large."""
        if not jpeg.startswith(JPEG) or len(jpeg) > MAX_PHOTO_BYTES:
            raise ValueError(f"a photo is a JPEG of at most {MAX_PHOTO_BYTES} bytes: take it again")
        self._held = jpeg

    def forget(self) -> None:
        """Drop what was taken and not reported."""
        self._held = None

    def reported(self, report: str) -> None:
        """The report was written: its photo waits for the cloud."""
        if self._held is None:
            return
        self._waiting[report] = self._held
        self._held = None
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def wanted(self, report: str, form: Mapping[str, Any]) -> None:
        """Send the photo of a report, if there is one and the form can be used."""
        photo = self._waiting.pop(report, None)
        if photo is None:
            return
        try:
            where = msgspec.convert(form, Form)
        except msgspec.ValidationError as error:
            log.warning("photo not sent: %s", error)
            return
        task = asyncio.get_running_loop().create_task(self._send(where, photo))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, form: Form, photo: bytes) -> None:
        try:
            await self._post(form, photo)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("photo not sent: %s", type(error).__name__)  # an address in the text would be a secret
        else:
            log.info("photo sent: bytes=%d", len(photo))


async def posted(form: Form, photo: bytes) -> None:
    """Send a photo, at most three times.

    Raises ValueError for an address that is neither HTTPS nor this machine's, httpx.HTTPError when it does not arrive.
    """
    where = urlsplit(form.url)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
        raise ValueError("a photo goes out over HTTPS only")
    files: dict[str, Any] = {name: (None, value) for name, value in form.fields.items()}
    async with httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(httpx.TransportError),
            wait=wait_random_exponential(multiplier=1, max=10),
            stop=stop_after_attempt(TRIES),
            reraise=True,
        ):
            with attempt:
                answer = await client.post(form.url, files=files | {"file": ("photo.jpg", photo, "image/jpeg")})
        answer.raise_for_status()
