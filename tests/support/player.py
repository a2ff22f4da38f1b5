"""A bank played by hand: a plain MQTT client with a certificate, as any maker's controller would be."""

import json
import ssl
import time
from queue import Empty, Queue
from typing import Any

import jwt
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTMessage
from ulid import ULID

PATIENCE_S = 60  # a cold function on two busy cores


class Player:
    """Taps, reports what doors did, and remembers what the cloud said."""

    def __init__(self, stack: dict[str, Any], bank: str) -> None:
        self.bank, self.known = bank, stack["banks"][bank]
        self.thing = self.known["thing"]
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._arrivals: Queue[tuple[str, dict[str, Any]]] = Queue()
        self._seq, self.boot = 0, int(time.time())
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=self.thing)
        self.client.tls_set(stack["mqtt"]["ca"], self.known["cert"], self.known["key"], cert_reqs=ssl.CERT_REQUIRED)
        self.client.on_message = self._on_message
        subscribed: Queue[Any] = Queue()
        self.client.on_subscribe = lambda *_: subscribed.put(None)
        self.client.connect(stack["mqtt"]["host"], stack["mqtt"]["port"], keepalive=60)
        self.client.loop_start()
        self.client.subscribe(f"toolcrib/v1/{self.thing}/down/#", qos=1)
        subscribed.get(timeout=PATIENCE_S)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._arrivals.put((message.topic.rsplit("/", 1)[1], json.loads(message.payload)))

    def send(self, kind: str, **body: Any) -> str:
        """Publish an upload and return its id."""
        whole = {"id": str(ULID()), "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": self.boot, **body}
        topic = f"toolcrib/v1/{self.thing}/up/{kind}"
        self.client.publish(topic, json.dumps(whole), qos=1).wait_for_publish(PATIENCE_S)
        return str(whole["id"])

    def tap(self, *tokens: str, **more: Any) -> str:
        return self.send("tap", journal_depth=0, badges=list(tokens), **more)

    def report(self, kind: str, **body: Any) -> str:
        self._seq += 1
        return self.send(kind, seq=self._seq, **body)

    def closed(self, door: int, grant: str | None, tags: list[str] | None = None, **more: Any) -> str:
        seen = {"evidence": "tags", "present": None, "tags": tags, "opened_ms": 900, "closed_ms": 0, **more}
        return self.report("door", door=door, grant=grant, outcome=more.pop("outcome", "closed"), **seen)

    def wait(self, kind: str, *, re: str | None = None, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next message of a kind (that answers `re`), waiting for it."""
        until = time.monotonic() + patience_s
        while True:
            for heard in self.heard:
                if heard[0] == kind and re in {None, heard[1].get("re")}:
                    self.heard.remove(heard)
                    return heard[1]
            try:
                self.heard.append(self._arrivals.get(timeout=max(0.0, until - time.monotonic())))
            except Empty:
                raise AssertionError(f"no {kind} came; heard {self.heard}") from None

    def acknowledged(self, report: str) -> dict[str, Any]:
        """Wait until a report is acknowledged or rejected."""
        while True:
            ack = self.wait("ack")
            if report in ack["ids"] or report in [each["id"] for each in ack["rejected"]]:
                return ack

    def command(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the verified claims of an `open`."""
        key = bytes.fromhex(self.known["command_key"])
        claims: dict[str, Any] = jwt.decode(message["command"], key, algorithms=["HS256"], audience=self.thing)
        assert jwt.get_unverified_header(message["command"])["kid"] == self.known["kid"]
        return claims
