"""A bare MQTT 5 client for asking a broker what it allows: every attempt has an answer, yes or no."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from paho.mqtt.client import CallbackAPIVersion, Client, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

PATIENCE_S = 60


class RefusedError(Exception):
    """The broker said no: by a reason code, or by hanging up."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Where a client's certificate and key are."""

    cert: Path
    key: Path


class Wire:
    """One connection; after a refusal it is of no further use."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._answers: Queue[str] = Queue()
        self.messages: Queue[tuple[str, bytes]] = Queue()
        client.on_connect = lambda _client, _data, _flags, code, _properties: self._say(code)
        client.on_publish = lambda _client, _data, _mid, code, _properties: self._say(code)
        client.on_subscribe = lambda _client, _data, _mid, codes, _properties: self._say(*codes)
        client.on_disconnect = lambda *_: self._answers.put("hung up")
        client.on_message = lambda _client, _data, message: self.messages.put((message.topic, message.payload))

    def _say(self, *codes: ReasonCode) -> None:
        self._answers.put(", ".join(str(code) for code in codes if code.is_failure))

    def answered(self) -> None:
        """Wait for the answer to what was just sent; raises `RefusedError`."""
        if why := self._answers.get(timeout=PATIENCE_S):
            raise RefusedError(why)

    def publish(self, topic: str, payload: bytes = b"?", *, retain: bool = False) -> None:
        """Publish and wait until it is taken; raises `RefusedError`."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        self.answered()

    def subscribe(self, topic_filter: str) -> None:
        """Subscribe and wait until it is granted; raises `RefusedError`."""
        self._client.subscribe(topic_filter, qos=1)
        self.answered()

    def next(self) -> tuple[str, bytes]:
        """Return topic and payload of the next message."""
        return self.messages.get(timeout=PATIENCE_S)


@contextmanager
def wire(
    stack: dict[str, Any], client_id: str, certificate: Certificate | None, *, will: str | None = None
) -> Iterator[Wire]:
    """Connect under a client id; raises `RefusedError`, also for a handshake that fails."""
    client = Client(
        CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
    )
    own = (str(certificate.cert), str(certificate.key)) if certificate else (None, None)
    client.tls_set(stack["mqtt"]["ca"], *own, cert_reqs=ssl.CERT_REQUIRED)
    if will is not None:
        client.will_set(will, b"gone", qos=1)
    line = Wire(client)
    try:
        client.connect(stack["mqtt"]["host"], stack["mqtt"]["port"])
        client.loop_start()
        line.answered()
        yield line
    except (ssl.SSLError, ConnectionError) as error:
        raise RefusedError from error
    finally:
        client.disconnect()
        client.loop_stop()
