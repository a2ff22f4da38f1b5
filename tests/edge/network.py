"""A real broker on loopback that demands client certificates, and a small cloud that answers through it."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiomqtt
from amqtt.broker import Broker
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from edge.config import BankConfig
from tests.edge.rig import CONFIG, sign

ANONYMOUS = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
LOOPBACK = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])


class Authority:
    """A certificate authority; `issue` writes a certificate and its key beside `ca.pem`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test CA")])
        root = self._certificate(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        (folder / "ca.pem").write_bytes(root.public_bytes(Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        cert, key_file = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        cert.write_bytes(self._certificate(subject, key, LOOPBACK).public_bytes(Encoding.PEM))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return cert, key_file

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer_name=self._name,
            subject_name=subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(minutes=5),
            not_valid_after=now + timedelta(days=1),
        )
        return builder.add_extension(extension, critical=False).sign(self._key, hashes.SHA256())


Asked = Callable[[str, dict[str, Any]], Sequence[tuple[str, dict[str, Any]]]]


class StrictBroker(Broker):
    """The broker's own TLS only asks for a client certificate; the cloud's demands one.

    What is retained it sends to whoever subscribes, wildcard or not; the cloud's wants that very topic (AWS IoT Core's
    developer guide, MQTT retained messages).

    `services` answers what is published below `$aws/`, which no client may do with a broker that has none.
    """

    services: Asked | None = None

    async def tell(self, topic: str, body: dict[str, Any]) -> None:
        await self.internal_message_broadcast(topic, json.dumps(body).encode(), qos=1)

    async def _handle_message_delivery(self, client_session: Any, handler: Any, wait_deliver: Any) -> bool:
        message = wait_deliver.result()
        if self.services is None or message is None or not message.topic.startswith("$aws/"):
            return bool(await super()._handle_message_delivery(client_session, handler, wait_deliver))
        for topic, body in self.services(message.topic, json.loads(message.data)):
            await self.tell(topic, body)
        return True

    async def _publish_retained_messages_for_subscription(self, subscription: tuple[str, int], session: Any) -> None:
        if not set("+#") & set(subscription[0]):
            await super()._publish_retained_messages_for_subscription(subscription, session)

    @staticmethod
    def _create_ssl_context(listener: Any) -> ssl.SSLContext:
        context = Broker._create_ssl_context(listener)
        context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass(frozen=True)
class Network:
    """Where the broker is, and certificates for whoever connects."""

    authority: Authority
    port: int

    @asynccontextmanager
    async def broker(self) -> AsyncIterator[StrictBroker]:
        cert, key = self.authority.issue("broker")
        ca = self.authority.folder / "ca.pem"
        files = {"cafile": str(ca), "certfile": str(cert), "keyfile": str(key)}
        listener = {"type": "tcp", "bind": f"127.0.0.1:{self.port}", "ssl": True, **files}
        broker = StrictBroker({"listeners": {"default": listener}, "plugins": ANONYMOUS})
        await broker.start()
        try:
            yield broker
        finally:
            await broker.shutdown()

    def config(self, bank: str = "hq-01") -> BankConfig:
        cert, key = self.authority.issue(f"acme:{bank}")
        folder = self.authority.folder
        return replace(
            CONFIG,
            bank=bank,
            host="127.0.0.1",
            port=self.port,
            ca=folder / "ca.pem",
            cert=cert,
            key=key,
            journal=folder / f"{bank}.db",
        )


Answer = tuple[str, dict[str, Any]]


class Cloud:
    """Signs the time, acknowledges reports, and answers taps and choices as the test says."""

    def __init__(self, config: BankConfig, answer: Callable[["Cloud", str, dict[str, Any]], Sequence[Answer]]) -> None:
        self._config, self._answer = config, answer
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.acknowledges = True
        self._client: aiomqtt.Client | None = None

    @asynccontextmanager
    async def online(self) -> AsyncIterator[None]:
        context = ssl.create_default_context(cafile=str(self._config.ca))
        context.load_cert_chain(self._config.cert, self._config.key)
        async with aiomqtt.Client("127.0.0.1", self._config.port, identifier="cloud", tls_context=context) as client:
            self._client = client
            await client.subscribe("toolcrib/v1/+/up/+", qos=1)
            listening = asyncio.create_task(self._listen(client))
            try:
                yield
            finally:
                await stop(listening)

    async def say(self, kind: str, **body: Any) -> None:
        assert self._client is not None
        await self._client.publish(self._config.topic("down", kind), json.dumps(body), qos=1)

    def open(self, re: str | None, *, jti: str, door: int = 3, purpose: str = "take") -> Answer:
        now = int(time.time())
        claims = {"jti": jti, "aud": self._config.thing, "door": door, "purpose": purpose, "re": re, "iat": now}
        return "open", {"re": re, "command": sign(claims | {"exp": now + 30})}

    def kinds(self, kind: str) -> list[dict[str, Any]]:
        return [body for heard, body in self.heard if heard == kind]

    def outcomes(self) -> list[str]:
        """The outcomes told, each report once however often it was repeated."""
        return list({body["id"]: body["outcome"] for body in self.kinds("door")}.values())

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            kind, body = message.topic.value.rpartition("/")[2], json.loads(message.payload)
            self.heard.append((kind, body))
            for answer, fields in self._answers(kind, body):
                await self.say(answer, **fields)

    def _answers(self, kind: str, body: dict[str, Any]) -> Sequence[Answer]:
        if kind == "time":
            signed = sign({"nonce": body["nonce"], "now": int(time.time() * 1000)})
            return [("time", {"re": body["id"], "time": signed})]
        if "seq" in body:
            return [("ack", {"re": body["id"], "ids": [body["id"]]})] if self.acknowledges else []
        return self._answer(self, kind, body)


async def stop(task: asyncio.Task[None]) -> None:
    """Cancel a task, again if need be: aiomqtt's `wait_for` may swallow it (python/cpython#86296)."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=15)


async def until(condition: Callable[[], object], *, within_s: float = 60) -> None:
    """Wait for something that must come; a minute is for machines with other things to do."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another task or at the broker
            await asyncio.sleep(0.01)
