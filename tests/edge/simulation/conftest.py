import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from edge.config import BankConfig
from edge.simulation.bank import SimulatedBank
from edge.simulation.person import Pace
from edge.simulation.world import World
from tests.edge.network import Answer, Cloud, Network, stop

Replies = Callable[[Cloud, str, dict[str, Any]], Sequence[Answer]]


@dataclass(frozen=True)
class Site:
    """A simulated bank that serves, the cloud it talks to, and what lies where."""

    bank: SimulatedBank
    cloud: Cloud
    world: World


@asynccontextmanager
async def _running(network: Network, config: BankConfig, replies: Replies) -> AsyncIterator[Site]:
    world = World(network.authority.folder / "world.json")
    cloud = Cloud(config, replies)
    async with network.broker(), cloud.online():
        bank = SimulatedBank(config, world, pace=Pace(hand_s=0.01, reboot_s=0.05))
        running = asyncio.create_task(bank.run())
        try:
            yield Site(bank, cloud, world)
        finally:
            await stop(running)


class Places:
    """Makes sites whose cloud opens door 3 to every tap, or replies as told."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def site(
        self, replies: Replies | None = None, *, purpose: str = "take", **changes: Any
    ) -> AbstractAsyncContextManager[Site]:
        config = replace(self._network.config(), **changes)
        numbers = count(1)

        def opens(cloud: Cloud, kind: str, body: dict[str, Any]) -> Sequence[Answer]:
            del kind
            return [cloud.open(body["id"], jti=f"g{next(numbers)}", purpose=purpose)]

        return _running(self._network, config, replies or opens)


@pytest.fixture
def places(network: Network) -> Places:
    return Places(network)
