"""A real bank, a process of its own, is updated over the air: from one version to the next, and back from a bad one."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edge.updates.slots import Phase, Slots
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import plugged
from tests.edge.network import Cloud, Network, StrictBroker, until
from tests.edge.updates.over_the_air import Publisher, Systemd, begun, installed
from tests.edge.updates.wheels import release

THING = "acme:hq-01"
INSTALLED_WITHIN_S = 300  # a virtual environment is made meanwhile, on a machine with other things to do


class JobService:
    """AWS IoT Jobs for one thing, inside of the broker."""

    def __init__(self, broker: StrictBroker) -> None:
        self._broker, self._jobs = broker, dict[str, dict[str, Any]]()
        broker.services = self.answers

    async def send(self, job: str, asked: dict[str, Any]) -> None:
        document = json.loads(asked["document"])
        self._jobs[job] = {"jobId": job, "status": "QUEUED", "statusDetails": {}, "jobDocument": document}
        await self._broker.tell(f"$aws/things/{THING}/jobs/notify-next", self._next())

    def told(self, job: str) -> str:
        return str(self._jobs[job]["status"])

    def why(self, job: str) -> str:
        return str(self._jobs[job]["statusDetails"].get("why"))

    def answers(self, topic: str, body: dict[str, Any]) -> Sequence[tuple[str, dict[str, Any]]]:
        job = topic.split("/")[4]
        if job == "$next":
            return [(f"{topic}/accepted", self._next())]
        self._jobs[job] |= body
        return [(f"{topic}/accepted", {})]

    def _next(self) -> dict[str, Any]:
        waiting = [each for each in self._jobs.values() if each["status"] in {"QUEUED", "IN_PROGRESS"}]
        return {"execution": waiting[0]} if waiting else {}


def test_a_bank_updates_itself_between_two_people_and_comes_back_from_software_that_does_not_start(
    network: Network, tmp_path: Path
) -> None:
    async def story(publisher: Publisher) -> None:
        slots = Slots(tmp_path / "opt")
        slots.root.mkdir()
        installed(slots, tmp_path / "files", release(tmp_path / "1.0", "1.0"))
        updates = f'[updates]\nroot = "{slots.root}"\nkeys = ["{publisher.public}"]'
        steel, cloud = LockBoardSteel(), Cloud(network.config(), lambda *_: [])
        async with network.broker() as broker, plugged(tmp_path, steel.answer) as wire, cloud.online():
            jobs = JobService(broker)
            systemd = Systemd(tmp_path, set_up(tmp_path, network.config(), wire.port, updates=updates), slots.root)
            async with begun(systemd):
                await until(lambda: firmware(cloud) == "toolcrib-edge 1.0 (unsigned)")
                first = systemd.pid

                await jobs.send("j-1", publisher.releases("1.1"))
                await until(publisher.asked.is_set)
                await opened(cloud, steel, jti="while-it-is-fetched", door=2)
                publisher.opened.set()
                await until(lambda: phase(slots) is Phase.READY, within_s=INSTALLED_WITHIN_S)
                assert (jobs.told("j-1"), systemd.pid) == ("IN_PROGRESS", first)
                steel.closed[2] = True
                await until(lambda: jobs.told("j-1") == "SUCCEEDED")
                await until(lambda: firmware(cloud) == "toolcrib-edge 1.1")
                assert (slots.current, systemd.started) == ("b", 2)
                await until(lambda: cloud.outcomes() == ["opened", "closed"])

                await jobs.send("j-2", publisher.releases("1.2", cli__main=b"raise SystemExit(78)"))
                await until(lambda: jobs.told("j-2") == "FAILED", within_s=INSTALLED_WITHIN_S)
                assert "started 3 times" in jobs.why("j-2")
                assert (slots.current, systemd.started) == ("b", 2 + 3 + 1)
                assert firmware(cloud) == "toolcrib-edge 1.1"
                await opened(cloud, steel, jti="after-all-that", door=1)

    with Publisher(tmp_path) as publisher:
        asyncio.run(story(publisher))


async def opened(cloud: Cloud, steel: LockBoardSteel, *, jti: str, door: int) -> None:
    """Open a door from afar, and find it opened once."""
    _, body = cloud.open(None, jti=jti, door=door, purpose="service")
    await cloud.say("open", **body)
    await until(lambda: steel.pulses.count(door) == 1)


def firmware(cloud: Cloud) -> str | None:
    told = cloud.kinds("status")
    return str(told[-1]["firmware"]) if told else None


def phase(slots: Slots) -> Phase | None:
    update = slots.update
    return update.phase if update else None
