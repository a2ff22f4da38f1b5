"""What banks say: reports are repeated until they are acknowledged, people tap again until the bank answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank, Upload
from tests.support.world import Heard

NOTHING_TO_DO = "notice nothing_available"
LAMBDA_TRIES = 3  # an asynchronous invocation that fails is repeated twice, after a minute and two more


@dataclass
class Report:
    """A report in a bank's journal. Lambda repeats what broke off; the bank itself what is not acknowledged."""

    report: Upload

    def deliver(self, stage: Stage, nth: int) -> bool:
        now = stage.later(minutes=nth)
        event = self.report.event(stage.began if nth < LAMBDA_TRIES else now)
        _, heard, broke_off = stage.invoke("devices", f"on_{self.report.kind}", event)
        stage.told += map(said, heard)
        return not broke_off and f"ack {self.report.body['id']}" in stage.told


@dataclass
class Tap:
    """Somebody in front of a bank with a badge, who taps again when no answer comes; in a `session`, or none."""

    bank: FakeBank
    tokens: tuple[str, ...] = ()
    session: str | None = None
    every_s: int = 5

    def deliver(self, stage: Stage, nth: int) -> bool:
        """Only an answer to the tap ends it: a bank shows no other."""
        now = stage.later(seconds=self.every_s * nth)
        tap = self.bank.tap_upload(*self.tokens)
        if self.session is not None:
            tap.body["session"] = self.session
        _, heard, _ = stage.invoke("devices", "on_tap", tap.event(now))
        stage.told += answers(stage, heard)
        return bool(heard)


@dataclass
class Choice:
    """Somebody who picks from the screen, and taps and picks again when no answer comes.

    Where the second screen does not offer it any more, or there is nothing to offer, they have what they wanted: if it
    was not done, the record says so.
    """

    bank: FakeBank
    screen: Heard
    option: str
    typed: Mapping[str, Any] = field(default_factory=dict)

    def deliver(self, stage: Stage, nth: int) -> bool:
        now, screen = stage.later(seconds=5 * nth), self.screen
        if nth > 0:
            again = self.bank.tap_upload()
            _, heard, _ = stage.invoke("devices", "on_tap", again.event(now))
            screens = [each for each in heard if each.kind == "session"]
            if not screens:
                stage.told += [each for each in answers(stage, heard) if each != NOTHING_TO_DO]
                return bool(heard)
            screen = screens[0]
        if self.option not in [each["option"] for each in screen.body["options"]]:
            return True
        body = {"session": screen.body["session"], "option": self.option, "journal_depth": 0, **self.typed}
        _, heard, _ = stage.invoke("devices", "on_choice", self.bank._upload("choice", body).event(now))
        stage.told += answers(stage, heard)
        return bool(heard)


@dataclass
class Pick:
    """Somebody who picks from the screen, and picks again from the same one when no answer comes."""

    bank: FakeBank
    session: str
    option: str
    typed: Mapping[str, str] = field(default_factory=dict)

    def deliver(self, stage: Stage, nth: int) -> bool:
        now = stage.later(seconds=5 * nth)
        body = {"session": self.session, "option": self.option, "journal_depth": 0, **self.typed}
        _, heard, _ = stage.invoke("devices", "on_choice", self.bank._upload("choice", body).event(now))
        stage.told += answers(stage, heard)
        return bool(heard)


@dataclass
class Again:
    """A message of a conversation that nobody makes anew: what breaks off is brought again as it was."""

    upload: Upload

    def deliver(self, stage: Stage, nth: int) -> bool:
        event = self.upload.event(stage.later(seconds=2 * nth))
        _, heard, _ = stage.invoke("devices", f"on_{self.upload.kind}", event)
        stage.told += answers(stage, heard)
        return bool(heard)


@dataclass
class Time:
    """A bank that asks what time it is until it is told."""

    bank: FakeBank

    def deliver(self, stage: Stage, nth: int) -> bool:
        now = stage.later(seconds=5 * nth)
        asked = self.bank._upload("time", {"nonce": f"nonce-{nth:05d}", "journal_depth": 0})
        _, heard, _ = stage.invoke("devices", "on_time", asked.event(now))
        stage.told += [each.kind for each in heard]
        return bool(heard)


def said(heard: Heard) -> str:
    """Return what a bank is told of a report, comparable."""
    if heard.kind == "ack":
        done = [*heard.body["ids"], *(f"{each['id']} {each['code']}" for each in heard.body["rejected"])]
        return f"ack {' '.join(done)}" if heard.body["ids"] else f"ack {heard.body['re']}"
    return f"{heard.kind} {heard.code}"


def answers(stage: Stage, heard: list[Heard]) -> list[str]:
    """Return what a person is told, comparable; a second grant for one wish is another word."""
    grants = list(dict.fromkeys(each.grant for each in stage.here.published if each.kind == "open"))
    return [_answer(each, grants) for each in heard]


def _answer(heard: Heard, grants: list[str]) -> str:
    if heard.kind == "open":
        return f"open {heard.claims['purpose']} {heard.door} by grant {grants.index(heard.grant)}"
    if heard.kind == "session":
        refusals = [each["code"] for each in heard.body["refusals"]]
        return f"session {[each['title'] for each in heard.body['options']]} {refusals}"
    return f"{heard.kind} {heard.code}"
