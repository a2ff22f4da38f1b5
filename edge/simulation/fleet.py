"""All simulated banks of one local stack in one process."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.actions import Action
from edge.lines import Lines, wording
from edge.simulation.bank import SimulatedBank
from edge.simulation.world import World
from edge.stack import BankEntry, NoSuchBankError, bank_config, load_stack

log = logging.getLogger(__name__)
STOP_S: Final = 15.0  # a connection says goodbye for 10 s at most


class Fleet:
    """The banks that run here. Journals and the world's file lie in the folder `state`."""

    def __init__(self, stack: Path, state: Path) -> None:
        self.lines = Lines()
        self.world = World(state / "world.json")
        self._stack, self._state = stack, state
        self._banks: dict[str, SimulatedBank] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def bank(self, name: str) -> SimulatedBank:
        """Return a bank; raises NoSuchBankError."""
        if name not in self._banks:
            raise NoSuchBankError(f"{name} is not simulated here: POST /banks adds it, GET /banks lists the others")
        return self._banks[name]

    def banks(self) -> list[SimulatedBank]:
        """Return all banks by name."""
        return [self._banks[name] for name in sorted(self._banks)]

    def badges(self) -> dict[str, str]:
        """Return the UIDs of the badges that people here have, by person."""
        return load_stack(self._stack).badges

    def let_go(self) -> None:
        """End what pages listen to."""
        for bank in self.banks():
            bank.bell.end()
            if bank.kiosk is not None:
                bank.kiosk.bell.end()

    async def start_all(self) -> None:
        """Start every bank that the stack says is simulated."""
        for name, entry in load_stack(self._stack).banks.items():
            if entry.simulated:
                await self.start(name, entry)

    async def start(
        self, name: str, entry: BankEntry | None = None, contents: dict[int, list[str]] | None = None
    ) -> SimulatedBank:
        """Start a bank, or start it again; without an entry as `stack.json` describes it now.

        `contents` lie behind its doors before it boots.
        """
        stack = load_stack(self._stack)
        entry = entry or stack.banks.get(name)
        if entry is None:
            raise NoSuchBankError(f"{name} is not in {self._stack.name}: `toolcrib bank add` puts it there")
        config = bank_config(stack, name, entry, self._state)
        if name in self._banks:
            await self.stop(name)
        self.world.stock(name, contents or {})
        bank = self._banks[name] = SimulatedBank(config, self.world, observe=lambda action: self._write(name, action))
        task = self._running[name] = asyncio.create_task(bank.run(), name=name)
        task.add_done_callback(self._ended)
        return bank

    async def stop(self, name: str) -> None:
        """Switch a bank off and forget it; what lies in it stays. Raises NoSuchBankError."""
        bank = self.bank(name)
        bank.bell.end()
        if bank.kiosk is not None:
            bank.kiosk.bell.end()
        del self._banks[name]
        task = self._running.pop(name)
        while not task.done():  # a power cut at the same moment may swallow the first
            task.cancel()
            await asyncio.wait([task], timeout=STOP_S)

    async def stop_all(self) -> None:
        """Switch everything off."""
        for name in list(self._banks):
            await self.stop(name)

    def _write(self, name: str, action: Action) -> None:
        words = wording(action)
        if words is not None:
            self.lines.write(name, *words, datetime.now(UTC))

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A bank that stops by itself is a fault to be seen, not a reason to stop the others."""
        if task.cancelled() or task.exception() is None:
            return
        log.error("%s stopped", task.get_name(), exc_info=task.exception())
        self.lines.write(task.get_name(), "fault", "the controller stopped: see the log", datetime.now(UTC))
