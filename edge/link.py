"""The connection to the broker: mutual TLS, clean sessions, reconnects with jitter. QoS 1; nothing is ever retained.

Sessions are clean on purpose: nothing may queue for a bank that is away (safety.md, threat 9). What the bank has to
say survives in its journal.
"""

import asyncio
import logging
import ssl
from collections.abc import Sequence
from random import SystemRandom
from typing import Final, Protocol

import aiomqtt
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_random_exponential

from edge.config import BankConfig

log = logging.getLogger(__name__)
KEEPALIVE_S: Final = 30
TIMEOUT_S: Final = 10  # for a connection, and for the broker's receipt of one message
FIRST_RECONNECT_S: Final = 2  # a broker that restarts must not meet every bank in the same moment
MAX_RECONNECT_S: Final = 60
STEADY_S: Final = 10  # a connection lost sooner counts as failed, so that two banks with one name back off
OWN: Final = ("+", "roster")  # IoT Core sends what is retained to who asks for that very topic, not for a wildcard
RESERVED: Final = "$aws/"  # topics of the broker's own services
REFUSED: Final = 0x80  # MQTT 3.1.1, SUBACK
MAX_QUEUED: Final = 1_000  # of messages in either direction: more is a fault, and memory is finite


class LinkLostError(ConnectionError):
    """There is no connection: a message was certainly not sent, or nothing can be heard."""


class Listener(Protocol):
    """Whom the link tells."""

    def connected(self) -> None:
        """Called when the bank is subscribed."""
        ...

    def disconnected(self) -> None:
        """Called when the connection broke."""
        ...

    def received(self, kind: str, payload: bytes) -> None:
        """Called for every message to this bank; must not raise for noise."""
        ...


class Aside(Protocol):
    """Who listens on the same connection to other topics than the bank's own: certificates and jobs."""

    @property
    def filters(self) -> Sequence[str]:
        """What to subscribe to."""
        ...

    def joined(self) -> None:
        """Called when it is subscribed."""
        ...

    def heard(self, topic: str, payload: bytes) -> None:
        """Called for every message on another topic; must not raise for noise."""
        ...

    def left(self) -> None:
        """Called when the connection broke."""
        ...


class Link:
    """One bank's connection. `run` keeps it; `publish` uses it.

    Its certificate is read at each connection: a renewed one is found there (edge/enrolment/renewal.py).
    """

    def __init__(self, config: BankConfig, *, aside: Aside | None = None) -> None:
        self._config, self._aside = config, aside
        tls_context(config)  # what is missing or does not fit is said now
        self._client: aiomqtt.Client | None = None

    async def run(self, listener: Listener) -> None:
        """Connect, and again with jitter after every loss, for ever; what `listener` raises ends it."""
        while True:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type((aiomqtt.MqttError, LinkLostError)),
                wait=wait_random_exponential(multiplier=1, max=MAX_RECONNECT_S),
                before_sleep=before_sleep_log(log, logging.INFO),
            ):
                with attempt:
                    try:
                        await self._session(listener)
                    finally:
                        _heed_cancellation()
            await asyncio.sleep(SystemRandom().uniform(0, FIRST_RECONNECT_S))

    async def publish(self, kind: str, payload: bytes) -> None:
        """Publish an upload and wait for the broker's receipt.

        Raises LinkLostError when it certainly was not sent; a receipt that does not come within 10 s leaves that open.
        """
        client = self._client
        if client is None:
            raise LinkLostError("not connected")
        try:
            await client.publish(self._config.topic("up", kind), payload, qos=1)
        except aiomqtt.MqttCodeError as error:
            raise LinkLostError(str(error)) from error
        except aiomqtt.MqttError as error:
            log.info("%s may not have been sent: %s", kind, error)

    async def publish_aside(self, topic: str, payload: bytes) -> None:
        """Publish on a topic that is not the bank's own; raises LinkLostError where that may not have been sent."""
        if self._client is None:
            raise LinkLostError("not connected")
        try:
            await self._client.publish(topic, payload, qos=1)
        except aiomqtt.MqttError as error:
            raise LinkLostError(str(error)) from error

    async def _session(self, listener: Listener) -> None:
        """Serve one connection; returns when it is lost after it stood for a while, raises when it did not."""
        async with self._connect() as client:
            granted = await client.subscribe([(self._config.topic("down", kind), 1) for kind in OWN])
            _heed_cancellation()
            if REFUSED in granted:
                raise LinkLostError("subscription refused: attach the banks' policy to this certificate")
            since = asyncio.get_running_loop().time()
            self._client = client
            listener.connected()
            try:
                await self._join_aside(client)
                await self._listen(client, listener)
            except aiomqtt.MqttError as error:
                if asyncio.get_running_loop().time() - since < STEADY_S:
                    raise
                log.info("connection lost: %s", error)
            finally:
                self._client = None
                listener.disconnected()
                if self._aside is not None:
                    self._aside.left()

    async def _join_aside(self, client: aiomqtt.Client) -> None:
        """Subscribe to what else is wanted; where an earlier policy refuses that, the bank works all the same."""
        if self._aside is None or not self._aside.filters:
            return
        granted = await client.subscribe([(each, 1) for each in self._aside.filters])
        if REFUSED in granted:
            log.warning("certificates and updates are refused: deploy the banks' policy anew")
        else:
            self._aside.joined()

    async def _listen(self, client: aiomqtt.Client, listener: Listener) -> None:
        async for message in client.messages:
            payload = message.payload if isinstance(message.payload, bytes) else b""
            if self._aside is not None and message.topic.value.startswith(RESERVED):
                self._aside.heard(message.topic.value, payload)
                continue
            listener.received(message.topic.value.rpartition("/")[2], payload)

    def _connect(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._config.host,
            self._config.port,
            identifier=self._config.thing,
            tls_context=tls_context(self._config),
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=True,
            keepalive=KEEPALIVE_S,
            timeout=TIMEOUT_S,
            max_queued_incoming_messages=MAX_QUEUED,
            max_queued_outgoing_messages=MAX_QUEUED,
        )


def _heed_cancellation() -> None:
    """Stop if told to.

    `wait_for` of Python 3.11, which aiomqtt uses, may swallow a cancellation (python/cpython#86296), and aiomqtt's own
    time-out while it says goodbye replaces one.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def tls_context(config: BankConfig) -> ssl.SSLContext:
    """Trust only the given CA, show the bank's own certificate, check the broker's name."""
    context = ssl.create_default_context(cafile=str(config.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config.cert, config.key)
    return context
