"""A device at the other end of a pseudo-terminal: answers bytes with bytes, in the test's own loop."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from edge.drivers.base import DriverError
from edge.drivers.parts import Part, Terminal
from tests.edge.network import stop


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text)


class Wire:
    """What is plugged in. `answer` maps what came to what goes back, in pieces; `heard` is every request."""

    def __init__(self, link: Path, answer: Callable[[bytes], list[bytes]]) -> None:
        self.link, self.answer = link, answer
        self.heard: list[bytes] = []
        self._master: int | None = None
        self._slave: int | None = None

    @property
    def port(self) -> str:
        return str(self.link)

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        tty.setraw(self._master)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._slave))
        asyncio.get_running_loop().add_reader(self._master, self._came)

    def pull(self) -> None:
        if self._master is None or self._slave is None:
            return
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = None
        self.link.unlink(missing_ok=True)

    def _came(self) -> None:
        assert self._master is not None
        request = os.read(self._master, 4096)
        self.heard.append(request)
        for piece in self.answer(request):
            os.write(self._master, piece)


@asynccontextmanager
async def plugged(folder: Path, answer: Callable[[bytes], list[bytes]]) -> AsyncIterator[Wire]:
    wire = Wire(folder / "ttyS0", answer)
    wire.plug()
    try:
        yield wire
    finally:
        wire.pull()


def replaying(transcript: Mapping[str, str]) -> Callable[[bytes], list[bytes]]:
    """Answer each request of a document as the document does; what it does not know stays unanswered."""
    answers = {bytes_of(request): bytes_of(answer) for request, answer in transcript.items()}
    return lambda request: [answers[request]] if request in answers else []


class Heard:
    """A hub that keeps what it is told."""

    def __init__(self) -> None:
        self.ups = 0
        self.readings: list[Mapping[Terminal, bool]] = []
        self.badges: list[str] = []
        self.losses: list[str] = []

    def up(self) -> None:
        self.ups += 1

    def levels(self, levels: Mapping[Terminal, bool]) -> None:
        self.readings.append(levels)

    def badge(self, uid: str) -> None:
        self.badges.append(uid)

    def down(self, why: DriverError) -> None:
        self.losses.append(str(why))


@asynccontextmanager
async def serving(part: Part, hub: Heard) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(part.serve(hub))
    try:
        yield task
    finally:
        await stop(task)
        if not task.cancelled():
            task.exception()  # those who want it await the task
