"""A serial line with one question on it at a time. Answers are found among noise, echoes and halves by their parser."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Self, TypeVar

from edge.drivers.base import DriverError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TURN_S: Final = 2.0  # a question that waits longer for the line is not asked any more: a pulse must not come late
MAX_ANSWER: Final = 4_096  # bytes; a line that babbles says nothing
Answer = TypeVar("Answer")


class Line(asyncio.Protocol):
    """An open serial port. Make one with `opened`."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._turn = asyncio.Lock()
        self._buffer = bytearray()
        self._heard = asyncio.Event()
        self._lost = False
        self._transport: asyncio.WriteTransport | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, port: str, baud: int) -> "AsyncIterator[Self]":
        """Open a port (8 data bits, no parity, 1 stop bit) for this program alone; raises DriverError."""
        from serialx import SerialException, create_serial_connection  # a bank without serial devices needs none

        line = cls(port)
        try:
            transport, _ = await create_serial_connection(
                asyncio.get_running_loop(), lambda: line, port, baudrate=baud, exclusive=True
            )
        except (OSError, SerialException) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise DriverError(f"{port} cannot be opened: {why}") from error
        try:
            yield line
        finally:
            transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open port."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._buffer += data
        del self._buffer[:-MAX_ANSWER]
        self._heard.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take the end of the port."""
        del exc
        self._lost = True
        self._heard.set()

    async def ask(
        self,
        request: bytes,
        find: Callable[[bytes], Answer | None],
        *,
        within_s: float,
        quiet_s: float | None = None,
    ) -> Answer:
        """Send a request once and return what `find` makes of the bytes that came since.

        With `quiet_s` an answer counts once nothing has followed it for so long. Raises DriverError when the port is
        gone, when the line was not free within 2 s (then nothing was sent), or when no answer came.
        """
        try:
            async with asyncio.timeout(TURN_S):
                await self._turn.acquire()
        except TimeoutError:
            raise DriverError(f"{self._port} is busy: nothing was sent") from None
        try:
            return await self._answer(request, find, within_s, quiet_s)
        finally:
            self._turn.release()

    async def _answer(
        self, request: bytes, find: Callable[[bytes], Answer | None], within_s: float, quiet_s: float | None
    ) -> Answer:
        self._buffer.clear()  # an answer that came too late belongs to nobody
        self._write(request)
        found: Answer | None = None
        try:
            async with asyncio.timeout(within_s):
                while found is None:
                    await self._more()
                    found = find(bytes(self._buffer))
                while quiet_s is not None and await self._goes_on(quiet_s):
                    found = find(bytes(self._buffer)) or found
        except TimeoutError:
            if found is None:
                raise DriverError(f"{self._port}: no answer within {within_s:g} s") from None
        return found

    async def _goes_on(self, quiet_s: float) -> bool:
        try:
            async with asyncio.timeout(quiet_s):
                await self._more()
        except TimeoutError:
            return False
        return True

    async def _more(self) -> None:
        self._heard.clear()
        self._check()
        await self._heard.wait()
        self._check()

    def _write(self, request: bytes) -> None:
        self._check()
        assert self._transport is not None
        self._transport.write(request)

    def _check(self) -> None:
        if self._lost:
            raise DriverError(f"{self._port} is gone")
