"""A bank played by hand: a plain MQTT client with a certificate, as any maker's controller would be.

It keeps to the contract and no more: what it says to people is never repeated by itself (a person who gets no answer
taps again), what it reports is repeated until it is acknowledged.
"""

import json
import ssl
import time
from collections.abc import Callable, Container, Iterable
from queue import Empty, Queue
from typing import Any

import jwt
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from ulid import ULID

Message = dict[str, Any]
ANSWERS = ("open", "session", "notice")
PATIENCE_S = 150  # cold functions on two busy cores
AGAIN_AFTER_S = 15  # longer than conversation lives: whoever waits so long gets no answer to that tap any more


class SilenceError(AssertionError):
    """Nothing came that was waited for."""


class Player:
    """Taps, reports what doors did, and remembers what the cloud said."""

    def __init__(self, stack: Message, bank: str) -> None:
        self.bank, self.known = bank, stack["banks"][bank]
        self.thing, self.evidence = self.known["thing"], self.known["evidence"]
        self.heard: list[tuple[str, Message]] = []
        self._arrivals: Queue[tuple[str, Message]] = Queue()
        self._seq, self.boot = 0, int(time.time())
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=self.thing)
        self.client.tls_set(stack["mqtt"]["ca"], self.known["cert"], self.known["key"], cert_reqs=ssl.CERT_REQUIRED)
        self.client.on_message = self._on_message
        subscribed: Queue[Any] = Queue()
        self.client.on_subscribe = lambda *_: subscribed.put(None)
        self.client.connect(stack["mqtt"]["host"], stack["mqtt"]["port"], keepalive=60)
        self.client.loop_start()
        self.client.subscribe([(f"toolcrib/v1/{self.thing}/down/{kind}", 1) for kind in ("#", "roster")])
        subscribed.get(timeout=PATIENCE_S)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._arrivals.put((message.topic.rsplit("/", 1)[1], json.loads(message.payload)))

    def upload(self, **body: Any) -> Message:
        """Return an upload as it would be published."""
        return {"id": str(ULID()), "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": self.boot, **body}

    def publish(self, kind: str, upload: Message) -> str:
        """Publish an upload, wait for nothing, and return its id."""
        topic = f"toolcrib/v1/{self.thing}/up/{kind}"
        self.client.publish(topic, json.dumps(upload), qos=1)
        return str(upload["id"])

    def publish_tap(self, token: str) -> str:
        """Tap a badge, wait for nothing, and return the tap's id."""
        return self.publish("tap", self.upload(journal_depth=0, badges=[token]))

    def tap(self, token: str) -> tuple[str, Message]:
        """Tap a badge until there is an answer; return its kind and what it says."""
        return self._ask(lambda: self.publish_tap(token))

    def opens(self, token: str) -> Message:
        """Tap a badge, which has to open a door; return the claims of the command."""
        return self.command(*self.tap(token))

    def offers(self, token: str) -> Message:
        """Tap a badge, which has to lead to a choice; return the session."""
        kind, said = self.tap(token)
        assert kind == "session", said
        return said

    def sorry(self, token: str) -> str:
        """Tap a badge, which has to open nothing; return the code of the notice."""
        kind, said = self.tap(token)
        assert kind == "notice", said
        return str(said["code"])

    def choose(self, session: Message, kind: str, *, door: int | None = None, **typed: str) -> tuple[str, Message]:
        """Pick the one option of a kind (at a door), with PINs; return the kind of the answer and what it says."""
        asked = [each for each in session["options"] if each["kind"] == kind and door in {None, each["door"]}]
        (option,) = [each["option"] for each in asked]
        picked = {"journal_depth": 0, "session": session["session"], "option": option, **typed}
        return self._ask(lambda: self.publish("choice", self.upload(**picked)))

    def roster(self) -> Message:
        """Return the verified claims of the roster that is told next."""
        return self._signed(self.wait(("roster",))[1]["manifest"])

    def fetches(self, version: str) -> str:
        """Ask where the body of a roster is; return its address."""
        asks = {"journal_depth": 0, "what": "roster", "version": version}
        return str(self._ask(lambda: self.publish("fetch", self.upload(**asks)), ("fetch",))[1]["url"])

    def _ask(self, ask: Callable[[], str], answers: Container[str] = ANSWERS) -> tuple[str, Message]:
        asked: list[str] = []
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            asked.append(ask())
            try:
                return self.wait(answers, asked, patience_s=AGAIN_AFTER_S)
            except SilenceError:
                continue
        raise SilenceError(f"nobody answers {asked}; heard {self.heard}")

    def command(self, kind: str, message: Message) -> Message:
        """Return the verified claims of an `open`."""
        assert kind == "open", message
        claims = self._signed(message["command"])
        assert claims["re"] == message["re"]
        assert 0 < claims["exp"] - claims["iat"] <= 30
        return claims

    def _signed(self, token: str) -> Message:
        """Return the claims of what was signed for this bank, and for it alone."""
        key = bytes.fromhex(self.known["command_key"])
        # A busy machine looks at it late; that a bank does not obey then is for the bank's own tests.
        claims: Message = jwt.decode(
            token, key, algorithms=["HS256"], audience=self.thing, options={"verify_exp": False}
        )
        assert jwt.get_unverified_header(token)["kid"] == self.known["kid"]
        return claims

    def door_report(self, door: int, outcome: str, grant: str | None, inside: Iterable[str] = ()) -> Message:
        """Return the next report: what a door did, and as much of what is `inside` as the sensors can tell."""
        self._seq += 1
        tags = list(inside)
        return self.upload(
            seq=self._seq,
            door=door,
            grant=grant,
            outcome=outcome,
            evidence=self.evidence,
            present=bool(tags) if self.evidence == "presence" else None,
            tags=tags if self.evidence == "tags" else None,
            opened_ms=900,
            closed_ms=0 if outcome == "closed" else None,
        )

    def reports(self, door: int, outcome: str, grant: str | None, inside: Iterable[str] = ()) -> str:
        """Report what a door did until its effect is committed; return the report's id."""
        report = self.door_report(door, outcome, grant, inside)
        ack = self.acknowledged("door", report)
        assert not ack["rejected"], ack
        return str(report["id"])

    def status(self, doors: Iterable[int]) -> None:
        """Say how the bank is, with its doors closed, until that is on record."""
        self._seq += 1
        how = {str(number): "closed" for number in doors}
        said = self.upload(seq=self._seq, firmware="1.0", uptime_s=1, journal_depth=0, doors=how)
        self.acknowledged("status", said)

    def closes(self, claims: Message, inside: Iterable[str] = ()) -> str:
        """Let the door of a command open and close again; return the code of what is said then."""
        self.reports(claims["door"], "opened", claims["jti"])
        return self.shuts(claims, inside)

    def shuts(self, claims: Message, inside: Iterable[str] = ()) -> str:
        """Let the door of a command be shut, the report that it opened being lost; return the code of what is said."""
        report = self.reports(claims["door"], "closed", claims["jti"], inside)
        return str(self.wait(("notice",), [report])[1]["code"])

    def acknowledged(self, kind: str, report: Message) -> Message:
        """Publish a report, again and again, until it is acknowledged or rejected; return that message."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            self.publish(kind, report)
            try:
                return self._ack(report["id"])
            except SilenceError:
                continue
        raise SilenceError(f"nobody acknowledges {report}; heard {self.heard}")

    def _ack(self, report: str) -> Message:
        while True:
            ack = self.wait(("ack",), patience_s=AGAIN_AFTER_S)[1]
            if report in (*ack["ids"], *(each["id"] for each in ack["rejected"])):
                return ack

    def wait(
        self, kinds: Container[str], re: Container[str] | None = None, *, patience_s: float = PATIENCE_S
    ) -> tuple[str, Message]:
        """Return the next message of these kinds (that answers one of `re`), waiting for it."""
        until = time.monotonic() + patience_s
        while True:
            for heard in self.heard:
                if heard[0] in kinds and (re is None or heard[1].get("re") in re):
                    self.heard.remove(heard)
                    return heard
            try:
                self.heard.append(self._arrivals.get(timeout=max(0.0, until - time.monotonic())))
            except Empty:
                raise SilenceError(f"no {kinds} for {re}; heard {self.heard}") from None
