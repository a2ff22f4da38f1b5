"""Modbus relay and input boards, on a serial line (RTU) or behind a network plug (TCP), through pymodbus.

A relay that drives a lock is switched on once and never again for the same pulse; switching off is tried until it
holds, because off is always safe. Documents: docs/hardware.md.
"""

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from edge.drivers.base import DriverError
from edge.drivers.parts import Hub, Terminal
from edge.settings.devices import ModbusRtu, ModbusTcp, TimedBy

if TYPE_CHECKING:
    from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
    from pymodbus.pdu import ModbusPDU

    Client = AsyncModbusSerialClient | AsyncModbusTcpClient

log = logging.getLogger(__name__)
ANSWER_S: Final = 0.5
TURN_S: Final = 2.0  # a pulse that waits longer for the line is not given any more
MISSES: Final = 3
OFF_TRIES: Final = 5
FLASH: Final = 0x0200  # Waveshare: "flash on" of relay n is a coil write to 0200 + n whose value is tenths of a second


class ModbusBoards:
    """All boards of one line or plug: coils are relays, discrete inputs are contacts, both counted from 1."""

    def __init__(
        self, settings: ModbusRtu | ModbusTcp, inputs: frozenset[Terminal], outputs: frozenset[Terminal]
    ) -> None:
        self._settings, self._inputs, self._outputs = settings, inputs, outputs
        self._client: Client | None = None
        self._turn = asyncio.Lock()
        self._on: set[Terminal] = set()

    async def serve(self, hub: Hub) -> None:
        """Switch everything off, then read every board in turn (see `edge.drivers.parts.Part.serve`)."""
        client = _client(self._settings)
        try:
            if not await _connected(client):
                raise DriverError(f"{_where(self._settings)} cannot be reached")
            self._client = client
            for terminal in sorted(self._outputs):  # whatever a power cut left on
                await self._coil(terminal, on=False)
            self._on.clear()
            while True:
                for board in sorted({terminal.board for terminal in self._inputs | self._outputs}):
                    hub.levels(await self._levels(board))
                hub.up()
                await asyncio.sleep(self._settings.poll_ms / 1000)
        finally:
            for terminal in sorted(self._on):
                await self._off(terminal)
            self._client = None
            client.close()

    async def unlock(self, terminal: Terminal) -> None:
        """Give one pulse (see `edge.drivers.parts.Locks.unlock`)."""
        if self._settings.timed_by is TimedBy.BOARD:
            await self._call(terminal.board, lambda client: _flash(client, terminal, self._settings.pulse_ms))
            return
        if self._client is None:
            raise DriverError(f"{_where(self._settings)} is away: nothing was sent")
        try:
            self._on.add(terminal)
            await self._coil(terminal, on=True)
            await asyncio.sleep(self._settings.pulse_ms / 1000)
        finally:
            await self._off(terminal)

    async def switch(self, terminal: Terminal, *, on: bool) -> None:
        """Switch a relay (see `edge.drivers.parts.Relays.switch`)."""
        await self._coil(terminal, on=on)

    async def _off(self, terminal: Terminal) -> None:
        for _ in range(OFF_TRIES):
            try:
                await self._coil(terminal, on=False)
            except DriverError as error:
                log.warning("relay %d of board %d may be on: %s", terminal.channel, terminal.board, error)
            else:
                self._on.discard(terminal)
                return

    async def _coil(self, terminal: Terminal, *, on: bool) -> None:
        await self._call(
            terminal.board, lambda client: client.write_coil(terminal.channel - 1, on, device_id=terminal.board)
        )

    async def _levels(self, board: int) -> Mapping[Terminal, bool]:
        wanted = [terminal for terminal in self._inputs if terminal.board == board]
        count = max((terminal.channel for terminal in wanted), default=0)
        for miss in range(1, MISSES + 1):
            try:
                if not wanted:  # a board of relays only: ask whether it is there
                    await self._call(board, lambda client: client.read_coils(0, count=1, device_id=board))
                    return {}
                answer = await self._call(
                    board, lambda client: client.read_discrete_inputs(0, count=count, device_id=board)
                )
            except DriverError:
                if miss == MISSES:
                    raise
            else:
                return {terminal: bool(answer.bits[terminal.channel - 1]) for terminal in wanted}
        raise AssertionError  # the last miss raises

    async def _call(self, board: int, call: "Callable[[Client], Awaitable[ModbusPDU]]") -> Any:
        """Ask once; raises DriverError when the line is not free, nothing answers, or the board refuses."""
        from pymodbus.exceptions import ModbusException

        try:
            async with asyncio.timeout(TURN_S):
                await self._turn.acquire()
        except TimeoutError:
            raise DriverError(f"{_where(self._settings)} is busy: nothing was sent") from None
        try:
            if self._client is None:
                raise DriverError(f"{_where(self._settings)} is away: nothing was sent")
            answer = await call(self._client)
        except ModbusException as error:
            raise DriverError(f"board {board}: {error}") from error
        finally:
            self._turn.release()
        if answer.isError():
            raise DriverError(f"board {board} refuses: {answer}")
        return answer


def _client(settings: ModbusRtu | ModbusTcp) -> "Client":
    """Return a client that asks once and leaves reconnecting to us."""
    from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient

    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # what it has to say is in the errors it raises
    if isinstance(settings, ModbusTcp):
        return AsyncModbusTcpClient(
            settings.host, port=settings.tcp_port, timeout=ANSWER_S, retries=0, reconnect_delay=0
        )
    return AsyncModbusSerialClient(
        settings.port,
        baudrate=settings.baud,
        parity=settings.parity[0].upper(),
        timeout=ANSWER_S,
        retries=0,
        reconnect_delay=0,
    )


async def _connected(client: "Client") -> bool:
    try:
        return bool(await client.connect())
    except OSError as error:
        raise DriverError(str(error)) from error


async def _flash(client: "Client", terminal: Terminal, pulse_ms: int) -> "ModbusPDU":
    from pymodbus.pdu.bit_message import WriteSingleCoilRequest

    class FlashOn(WriteSingleCoilRequest):
        """A coil write whose value is a time: Waveshare's own meaning of function 05."""

        def encode(self) -> bytes:
            return struct.pack(">HH", self.address, -(-pulse_ms // 100))

    request = FlashOn(address=FLASH + terminal.channel - 1, dev_id=terminal.board)
    answer: ModbusPDU = await client.execute(False, request)  # noqa: FBT003 - pymodbus: an answer is expected
    return answer


def _where(settings: ModbusRtu | ModbusTcp) -> str:
    return f"{settings.host}:{settings.tcp_port}" if isinstance(settings, ModbusTcp) else settings.port
