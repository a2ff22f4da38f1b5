"""Scenes with PINs: typed at a screen, and set, cleared and unlocked over HTTP."""

from datetime import timedelta
from typing import Any

from tests.proof.faults.asks import Ask
from tests.proof.faults.devices import Again, Choice
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import stage
from tests.support.pins import NEW, RIGHT, SET, TO_CHANGE, WRONG, kept, typed, with_pin
from tests.support.workplace import DRILL, NOW, ORG, TOKEN, rules
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import PinStanding
from toolcrib.domain.pins import counted
from toolcrib.domain.record import replace
from toolcrib.store import mapping

PIN = "/people/hq/pin"


def pick_with_a_pin(at: Stage) -> Choice:
    hq = _kiosk(at, SET)
    return Choice(hq, hq.tap(), "take:drill", {"pin": typed(RIGHT)})


def pick_with_a_first_pin(at: Stage) -> Choice:
    at.ignored = frozenset({"salt", "digest"})  # whoever picks again sets it with another upload
    hq = _kiosk(at, PinStanding(kiosk_until=NOW + timedelta(days=1)))
    return Choice(hq, hq.tap(), "take:drill", {"new_pin": typed(NEW)})


def pick_with_another_pin(at: Stage) -> Choice:
    at.ignored = frozenset({"salt", "digest"})
    hq = _kiosk(at, TO_CHANGE)
    return Choice(hq, hq.tap(), "take:drill", {"pin": typed(RIGHT), "new_pin": typed(NEW)})


def pick_with_a_wrong_pin(at: Stage) -> Again:
    return _again(_kiosk(at, SET), pin=typed(WRONG))


def pick_with_a_pin_to_be_changed(at: Stage) -> Again:
    return _again(_kiosk(at, TO_CHANGE), pin=typed(RIGHT))


AT_BANKS = (
    pick_with_a_pin,
    pick_with_a_first_pin,
    pick_with_another_pin,
    pick_with_a_wrong_pin,
    pick_with_a_pin_to_be_changed,
)


def let_set_at_a_screen(_: Stage) -> Ask:
    enter("admin", "admin")
    return Ask("POST", PIN, {"at_kiosk": True})


def set_another_pin(at: Stage) -> Ask:
    _has_pin(at)
    return Ask("POST", PIN, {"pin": NEW})


def clear_a_pin(at: Stage) -> Ask:
    _has_pin(at)
    return Ask("DELETE", PIN)


def unlock_a_pin(at: Stage) -> Ask:
    _has_pin(at)
    guessed = counted(kept("hq"), "guess", at.here.now)
    assert guessed is not None
    mapping.pin_item(ORG, guessed).save()
    return Ask("POST", f"{PIN}/unlock")


def dry_run_with_a_pin(at: Stage) -> Ask:
    _has_pin(at)
    return Ask("POST", "/policies/dry-run", {"person": "hq", "bank": "hq", "type": "drill"})


OVER_HTTP = (let_set_at_a_screen, set_another_pin, clear_a_pin, unlock_a_pin, dry_run_with_a_pin)


def _kiosk(at: Stage, standing: PinStanding) -> FakeBank:
    rules(replace(DRILL, second_factor=True))
    hq = stage(at.here, mode=Mode.KIOSK)
    at.here.meet(with_pin(standing), TOKEN)
    return hq


def _again(hq: FakeBank, **tokens: Any) -> Again:
    shown = hq.tap()
    body = {"session": shown.body["session"], "option": "take:drill", "journal_depth": 0, **tokens}
    return Again(hq._upload("choice", body))


def _has_pin(at: Stage) -> None:
    enter("admin", "admin")
    assert Client("admin", at=at.here.now).post(PIN, {"pin": RIGHT}).status == 201
