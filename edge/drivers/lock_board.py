"""RS-485 lock boards with 8A/80 frames: one line, up to 31 boards, a lock and its feedback contact a channel."""

import asyncio
from collections.abc import Mapping
from typing import Final

from edge.drivers import lock_frames
from edge.drivers.base import DoorJammedError, DriverError
from edge.drivers.line import Line
from edge.drivers.parts import Hub, Terminal
from edge.settings.devices import LockBoard

STATUS_S: Final = 0.5
QUIET_S: Final = 0.02  # its answer's length depends on its size; 20 characters at 9600 baud
PULSE_S: Final = 3.0  # a board answers when its pulse is over, "after 1 second" by its document
MISSES: Final = 3  # readings in a row without an answer: one frame may be lost, a board may not


class LockBoards:
    """All boards of one line. `inputs` are the contacts that the cabinet reads."""

    def __init__(self, settings: LockBoard, inputs: frozenset[Terminal], outputs: frozenset[Terminal]) -> None:
        self._settings, self._inputs = settings, inputs
        self._boards = sorted({terminal.board for terminal in inputs | outputs})
        self._line: Line | None = None

    async def serve(self, hub: Hub) -> None:
        """Read every board in turn, for ever (see `edge.drivers.parts.Part.serve`)."""
        async with Line.opened(self._settings.port, self._settings.baud) as line:
            try:
                self._line = line
                while True:
                    for board in self._boards:
                        hub.levels(await self._levels(line, board))
                    hub.up()
                    await asyncio.sleep(self._settings.poll_ms / 1000)
            finally:
                self._line = None

    async def unlock(self, terminal: Terminal) -> None:
        """Send one pulse, once (see `edge.drivers.parts.Locks.unlock`)."""
        if self._line is None:
            raise DriverError("the lock board is away: nothing was sent")
        board, lock = terminal
        closed = await self._line.ask(
            lock_frames.unlock(board, lock),
            lambda heard: lock_frames.find_unlocked(board, lock, heard),
            within_s=PULSE_S,
        )
        if self._settings.bolt_feedback and closed:
            raise DoorJammedError(f"lock {lock} of board {board} is still closed after its pulse")

    async def _levels(self, line: Line, board: int) -> Mapping[Terminal, bool]:
        for miss in range(1, MISSES + 1):
            try:
                contacts = await line.ask(
                    lock_frames.read_all(board),
                    lambda heard: _contacts(board, heard),
                    within_s=STATUS_S,
                    quiet_s=QUIET_S,
                )
                break
            except DriverError:
                if miss == MISSES:
                    raise
        wanted = [terminal for terminal in self._inputs if terminal.board == board]
        missing = [terminal.channel for terminal in wanted if terminal.channel not in contacts]
        if missing:
            raise DriverError(f"board {board} has no channels {missing}: it answers for {len(contacts)}")
        return {terminal: contacts[terminal.channel] for terminal in wanted}


def _contacts(board: int, heard: bytes) -> Mapping[int, bool] | None:
    if lock_frames.is_echo(board, heard):
        raise DriverError("the RS-485 adapter echoes: switch its echo off, or a dead board would seem to answer")
    return lock_frames.find_contacts(board, heard)
