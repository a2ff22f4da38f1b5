"""Bad door commands on a real wire: the shipped controller, mutual TLS, the bank's own policy (safety.md, G6)."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from edge.actions import Action, Unlock
from edge.simulation.bank import SimulatedBank
from edge.simulation.world import World
from edge.stack import bank_config, load_stack
from tests.edge.network import until
from tests.journeys.corner import Corner
from tests.proof.commands import bad
from tests.proof.commands.target import Target, numbered
from tests.support.wire import Certificate, Wire, wire

pytestmark = pytest.mark.journey

DOORS = 4
MOST = 60  # attempts of a kind; the same kinds are tried by the ten thousand without a wire (docs/proving.md)
KINDS = (
    bad.too_late,
    bad.early,
    bad.foreign_bank,
    bad.foreign_org,
    bad.foreign_door,
    bad.other_generations,
    bad.other_algorithms,
    bad.life_too_long,
    bad.malformed,
)


class Wired(Target):
    """A simulated bank at the other end of a broker. Its commands are those that need nobody to wait."""

    def __init__(self, corner: Corner, line: Wire, state: Path) -> None:
        self.name = f"b-{secrets.token_hex(4)}"
        corner.enrol(self.name, "door_only", "express", DOORS)
        stack = load_stack(corner.home.stack_file)
        self.entry = stack.banks[self.name]
        config = bank_config(stack, self.name, self.entry, state)
        self.org, self.generation = config.org, int(self.entry.kid)
        self.master = _master(corner)
        self.grants, self.unlocked = numbered(f"{self.name}-"), list[str]()
        self.bank = SimulatedBank(config, World(state / "world.json"), observe=self._sees)
        self._line = line

    @property
    def cloud_s(self) -> float:
        return time.time()

    def tap(self) -> None:
        """Nobody is there."""

    def hears(self, token: str) -> list[Action]:
        """Publish it as the cloud would; what comes of it is seen in `unlocked`."""
        message = json.dumps({"re": None, "command": token}).encode()
        self._line.publish(f"toolcrib/v1/{self.org}:{self.name}/down/open", message)
        return []

    async def opens(self, door: int) -> str:
        """Open a door by a good command, wait until it is closed again; returns the command.

        What was said before was heard before: a broker keeps the order of a topic.
        """
        grant = next(self.grants)
        token = self.token(None, jti=grant, door=door)
        await asyncio.to_thread(self.hears, token)
        await until(lambda: grant in self.unlocked)
        await self.at_rest()
        return token

    async def at_rest(self) -> None:
        """Wait until it is connected, knows the time, and every report is on record."""
        await until(lambda: (state := self.bank.state())["ready"] and not state["journal_depth"])

    async def tried(self, attempts: Iterator[bad.Attempt]) -> None:
        """Try what is bad, one after the other."""
        await asyncio.to_thread(lambda: [attempt() for attempt in islice(attempts, MOST)])

    def _sees(self, action: Action) -> None:
        if isinstance(action, Unlock):
            self.unlocked.append(action.grant)


def _master(corner: Corner) -> bytes:
    """Return the secret that every bank's keys come from, as the account's owner may read it."""
    secrets_manager = corner.aws("secretsmanager")
    name = next(
        each["Name"] for each in secrets_manager.list_secrets()["SecretList"] if "master" in each["Name"].lower()
    )
    return bytes.fromhex(json.loads(secrets_manager.get_secret_value(SecretId=name)["SecretString"])["hex"])


WireUp = Callable[[], AbstractAsyncContextManager[Wired]]


@pytest.fixture
def wired(corner: Corner, everything: Certificate, tmp_path: Path) -> WireUp:
    """Return what connects a bank, and disconnects it."""

    @asynccontextmanager
    async def bank() -> AsyncIterator[Wired]:
        with wire(corner.stack, "the-cloud-speaks", everything) as line:
            bank = Wired(corner, line, tmp_path)
            running = asyncio.create_task(bank.bank.run())
            try:
                await bank.at_rest()
                yield bank
            finally:
                running.cancel()
                await asyncio.wait([running])

    return bank


async def test_whatever_is_wrong_with_a_command_opens_nothing(wired: WireUp) -> None:
    rng, good = Random(6), []
    async with wired() as bank:
        assert bank.key_of() == bytes.fromhex(bank.entry.command_key), "what is wrong is only what is meant to be"
        for door, kind in enumerate(KINDS):
            await bank.tried(kind(bank, rng))
            good.append(await bank.opens(door % DOORS + 1))
        whole = bank.token(None, door=1)
        await bank.tried(bad.flipped(bank, rng, whole))
        await asyncio.to_thread(bank.hears, whole)
        await until(lambda: len(bank.unlocked) > len(good))
        assert len(bank.unlocked) == len(good) + 1


async def test_a_command_that_was_used_is_used_up_also_after_a_power_cut(wired: WireUp) -> None:
    async with wired() as bank:
        used = [await bank.opens(door) for door in (1, 2)]
        await bank.tried(iter([lambda token=token: bank.hears(token) for token in used]))
        await bank.opens(3)
        bank.bank.power(on=False)
        await until(lambda: not bank.bank.state()["powered"])
        bank.bank.power(on=True)
        await bank.at_rest()
        await bank.tried(iter([lambda token=token: bank.hears(token) for token in used]))
        await bank.opens(4)
        assert len(bank.unlocked) == len(set(bank.unlocked)) == 4


async def test_what_was_said_while_it_had_no_power_opens_nothing_when_it_is_back(wired: WireUp) -> None:
    async with wired() as bank:
        bank.bank.power(on=False)
        await until(lambda: not bank.bank.state()["powered"])
        ends = int(bank.cloud_s) + 2
        await asyncio.to_thread(bank.hears, bank.token(None, iat=ends - 30, exp=ends))
        await until(lambda: bank.cloud_s > ends)
        bank.bank.power(on=True)
        await bank.at_rest()
        await bank.opens(4)
        assert len(bank.unlocked) == 1
