"""The whole controller, from its settings: a real broker, a lock board on a pseudo-terminal, systemd's socket."""

import asyncio
import os
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from edge.bank import Bank
from edge.controller import Controller
from edge.journal import Journal, JournalError
from edge.service import running
from edge.settings.loading import bank_config, load_bank, load_identity
from edge.settings.schema import BankFile
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import Wire, plugged
from tests.edge.network import Cloud, Network, until
from tests.edge.rig import UID


class Service:
    """A served bank, what systemd hears of it, and the controller that serves beside."""

    def __init__(self, folder: Path, config: Any, wire: Wire, steel: LockBoardSteel, **more: Any) -> None:
        self.settings = set_up(folder, config, wire.port, **more)
        self.wire, self.steel = wire, steel
        self.controllers: list[Controller] = []
        self.banks: list[Bank] = []
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.link.bind(str(folder / "notify"))
        self.link.settimeout(0)
        self.told: list[str] = []

    async def beside(self, controller: Controller, bank: Bank, file: BankFile) -> None:
        assert file.bank.id == bank.config.bank
        self.controllers.append(controller)
        self.banks.append(bank)
        await asyncio.Event().wait()

    def hears(self, word: str) -> bool:
        try:
            while True:
                self.told.append(self.link.recv(4096).decode())
        except BlockingIOError:
            return any(word in each for each in self.told)

    async def serve(self) -> None:
        file = load_bank(self.settings)
        config = bank_config(file, load_identity(file))
        await running.serve(file, config, beside=(self.beside,))

    async def ends(self, serving: asyncio.Task[None]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await until(serving.done)


@asynccontextmanager
async def service(
    network: Network, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> AsyncIterator[Service]:
    steel = LockBoardSteel()
    async with plugged(folder, steel.answer) as wire:
        made = Service(folder, network.config(), wire, steel, **more)
        monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "300000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        try:
            yield made
        finally:
            made.link.close()


def test_a_bank_serves_from_its_settings_until_it_is_told_to_stop(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with network.broker(), service(network, tmp_path, monkeypatch) as made:
            cloud = Cloud(network.config(), lambda cloud, _, body: [cloud.open(body["id"], jti="g1", door=2)])
            async with cloud.online():
                serving = asyncio.create_task(made.serve())
                await until(lambda: made.banks and made.banks[0].base.trusted)
                await until(lambda: made.hears("READY=1") and made.hears("WATCHDOG=1"))
                made.controllers[0].tap(UID)
                await until(lambda: made.steel.pulses)
                await until(lambda: cloud.outcomes() == ["opened"])
                made.steel.closed[2] = True
                await until(lambda: cloud.outcomes() == ["opened", "closed"])
                await made.ends(serving)
                await serving
                assert made.hears("STOPPING=1")
        assert made.steel.pulses == [2]
        assert cloud.kinds("status")[0]["firmware"].startswith("toolcrib-edge ")

    asyncio.run(story())


def test_a_device_that_is_pulled_makes_faulty_doors_and_not_a_dead_bank(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with network.broker(), service(network, tmp_path, monkeypatch) as made:
            cloud = Cloud(network.config(), lambda *_: [])
            async with cloud.online():
                serving = asyncio.create_task(made.serve())
                await until(lambda: cloud.kinds("status"))
                made.wire.pull()
                await until(lambda: set(cloud.kinds("status")[-1]["doors"].values()) == {"fault"})
                made.wire.plug()
                await until(lambda: set(cloud.kinds("status")[-1]["doors"].values()) == {"closed"})
                await made.ends(serving)
                await serving

    asyncio.run(story())


def test_a_journal_that_fails_ends_the_process(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with service(network, tmp_path, monkeypatch) as made:
            serving = asyncio.create_task(made.serve())
            await until(lambda: made.hears("WATCHDOG=1"))
            made.banks[0].journal._db.close()
            with pytest.raises(ExceptionGroup) as ended:
                await serving
            assert ended.value.subgroup(sqlite3.Error)

    asyncio.run(story())


def test_a_second_controller_on_the_same_journal_does_not_begin(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with service(network, tmp_path, monkeypatch) as made:
            held = Journal.open(tmp_path / "hq-01.db")
            with pytest.raises(JournalError, match="stop the other controller"):
                await made.serve()
            held.close()

    asyncio.run(story())
