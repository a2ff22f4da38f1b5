"""A bank and its cloud with a real broker and foul weather between them, until so many uploads came in again.

The bank is the shipped controller with its link; somebody takes a thing and brings it back, alarms go off. Connections
are cut on the bank's side before acknowledgements arrive, so that it repeats its reports, and on the cloud's before the
broker has its receipts, so that the broker does.
"""

import asyncio
import io
import re
from contextlib import AsyncExitStack, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from unittest.mock import patch

from edge import conversations
from edge import link as link_module
from edge.config import BankConfig
from edge.simulation.bank import SimulatedBank
from edge.simulation.person import Pace
from edge.simulation.transcript import TapRequest
from edge.simulation.world import World as Steel
from edge.uploads import AlarmKind
from tests.edge.network import Authority, Network, stop, until
from tests.edge.rig import UID
from tests.proof.orders.broker import Weather, free_port, mosquitto
from tests.proof.orders.cloud import Cloud
from tests.support import invariants
from tests.support.orders import record_now
from tests.support.outcomes import TAG, stage
from tests.support.tables import MASTER
from tests.support.world import World, world
from toolcrib.send.signing import command_key

WAIT_MS = 3_000  # that somebody waits for an answer, instead of 30 s: the weather takes many
LONGEST_S = 1_800


@dataclass(frozen=True, kw_only=True)
class Weathered:
    """What a run came to. `ends` are the records after every report was handed in again, in so many shuffled orders."""

    redelivered: int
    reports: int
    cuts: int
    visits: int
    ends: int
    as_it_is: bool


def weathered(folder: Path, redeliveries: int, seed: int) -> Weathered:
    """Run until so many uploads came in again, then let everything arrive; every invariant holds at the end."""
    with (
        redirect_stdout(io.StringIO()),
        world() as here,
        patch.object(link_module, "FIRST_RECONNECT_S", 0.01),
        patch.object(link_module, "MAX_RECONNECT_S", 0.2),
        patch.object(conversations, "WAIT_MS", WAIT_MS),
    ):
        stage(here)
        return asyncio.run(_run(here, Network(Authority(folder), free_port()), redeliveries, Random(seed)))


async def _run(here: World, network: Network, redeliveries: int, rng: Random) -> Weathered:
    before_bank, before_cloud = Weather(network.port, rng, "cut_reply"), Weather(network.port, rng, "cut_upload")
    cloud = Cloud(here, network, before_cloud.port)
    steel = Steel(network.authority.folder / "steel.json")
    steel.stock("hq-01", {1: [TAG]})
    bank = SimulatedBank(_config(network, before_bank.port), steel, pace=Pace(hand_s=0.01))
    visits = 0
    async with AsyncExitStack() as stack, asyncio.timeout(LONGEST_S):
        for context in (mosquitto(network), before_bank.serving(), before_cloud.serving(), cloud.online()):
            await stack.enter_async_context(context)
        running = asyncio.create_task(bank.run())
        stack.push_async_callback(stop, running)
        async with before_bank.foul(), before_cloud.foul():
            while cloud.redelivered < redeliveries:
                bank.raise_alarm(rng.choice(list(AlarmKind)))
                await bank.tap(TapRequest(uid=UID))
                visits += 1
        await until(lambda: bank.state()["connected"] and bank.state()["journal_depth"] == 0)
        invariants.check()
        return Weathered(
            redelivered=cloud.redelivered,
            reports=len(cloud.reports),
            cuts=before_bank.cuts + before_cloud.cuts,
            visits=visits,
            ends=len(_ends(cloud, rng)),
            as_it_is=_as_it_is(here, bank),
        )


def _config(network: Network, port: int) -> BankConfig:
    key = command_key(bytes.fromhex(MASTER), org="acme", bank="hq-01", generation=1)
    return replace(network.config(), port=port, command_keys={"1": key})


def _ends(cloud: Cloud, rng: Random) -> set[str]:
    """Return the record as it is, and after copies of all reports were handed in in some other orders."""
    ends = {_said(cloud.here)}
    for _ in range(3):
        for copy in rng.sample(list(cloud.reports.values()), len(cloud.reports)):
            cloud.wakes(copy)
        ends.add(_said(cloud.here))
    return ends


def _said(here: World) -> str:
    """Return what the record says, but for when the bank was heard last: that is a time of arrival."""
    return re.sub(r"'last_seen_at': '[^']*'", "", record_now(here))


def _as_it_is(here: World, bank: SimulatedBank) -> bool:
    """Whether the thing is where the record says: behind that door, or in nobody's cabinet."""
    asset = here.asset()
    inside = next((door for door, things in bank.cabinet.contents.items() if TAG in things), None)
    return asset.state == ("on_loan" if inside is None else "stowed") and asset.custodian.door == inside
