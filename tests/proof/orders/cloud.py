"""The cloud behind the broker: what the IoT rules do, by hand, and the real functions on a record in memory."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiomqtt

from edge.link import tls_context
from tests.edge.network import Network, stop
from tests.support.banks import rule_event
from tests.support.workplace import NOW, ORG
from tests.support.world import Heard, World

RECONNECT_S = 0.05


@dataclass(frozen=True)
class Copy:
    """An upload as it came in, and when."""

    kind: str
    thing: str
    payload: bytes
    at: datetime


@dataclass
class Cloud:
    """`received` counts every upload by its id; `reports` keeps the first copy of each report."""

    here: World
    network: Network
    port: int
    received: Counter[str] = field(default_factory=Counter)
    reports: dict[str, Copy] = field(default_factory=dict)

    @property
    def redelivered(self) -> int:
        """How often an upload came in that had come in before."""
        return sum(self.received.values()) - len(self.received)

    @asynccontextmanager
    async def online(self) -> AsyncIterator[None]:
        """Listen through the proxy at `port`, in a session that the broker keeps; answer past it."""
        self._tls = tls_context(self.network.config("cloud"))
        self._began = asyncio.get_running_loop().time()
        async with aiomqtt.Client(
            "127.0.0.1", self.network.port, identifier="answers", tls_context=self._tls
        ) as answers:
            listening = asyncio.create_task(self._listen(answers))
            try:
                yield
            finally:
                await stop(listening)

    async def _listen(self, answers: aiomqtt.Client) -> None:
        while True:
            try:
                async with self._session() as client:
                    await client.subscribe("toolcrib/v1/+/up/+", qos=1)
                    async for message in client.messages:
                        await self._take(answers, message)
            except aiomqtt.MqttError:
                await asyncio.sleep(RECONNECT_S)

    def _session(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            "127.0.0.1", self.port, identifier="rules", tls_context=self._tls, clean_session=False, timeout=5
        )

    async def _take(self, answers: aiomqtt.Client, message: aiomqtt.Message) -> None:
        _, _, thing, _, kind = message.topic.value.split("/")
        assert isinstance(message.payload, bytes)
        seconds = asyncio.get_running_loop().time() - self._began
        copy = Copy(kind, thing, message.payload, NOW + timedelta(milliseconds=round(seconds * 1000)))
        body = json.loads(message.payload)
        self.received[body["id"]] += 1
        if "seq" in body:
            self.reports.setdefault(body["id"], copy)
        for heard in self.wakes(copy):
            topic = f"toolcrib/v1/{ORG}:{heard.bank}/down/{heard.kind}"
            await answers.publish(topic, json.dumps(heard.body), qos=1)

    def wakes(self, copy: Copy) -> list[Heard]:
        """Hand an upload to its function, as the rule does; returns what was published."""
        self.here.now = copy.at
        return self.here.deliver(copy.kind, rule_event(copy.thing, copy.payload, copy.at))
