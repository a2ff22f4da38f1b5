"""Scenes at a bank where somebody waits: taps, choices, and the time."""

from datetime import timedelta
from typing import Any

from tests.proof.faults.devices import Again, Choice, Tap, Time
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import beside, lend, stage
from tests.support.workplace import ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules, site
from tests.support.world import Heard
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Badge, BadgeState, LastTake
from toolcrib.domain.record import replace
from toolcrib.store import mapping

UNKNOWN = "1." + "A" * 43
SAW = AssetType(id="saw", name="Saw", category="tools")


def take(at: Stage) -> Tap:
    return Tap(stage(at.here))


def give_back(at: Stage) -> Tap:
    return Tap(lend(at.here)[0])


def signed_again(at: Stage) -> Tap:
    hq = stage(at.here)
    hq.tap()
    at.here.later(seconds=10)
    return Tap(hq)


def nothing_left(at: Stage) -> Tap:
    hq = stage(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    hq.tap()
    return Tap(hq, (OTHER_TOKEN,))


def unused_grant_in_the_way(at: Stage) -> Tap:
    hq = stage(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    hq.tap()
    at.here.later(seconds=61)
    return Tap(hq, (OTHER_TOKEN,))


def no_room_to_return(at: Stage) -> Tap:
    hq, _ = lend(at.here)
    at.here.place(bank(id="hq-02"), doors=1)
    for number in (1, 2, 3, 4):
        beside(at.here, drill(10 + number), number=number)
    return Tap(hq)


def unknown_badge(at: Stage) -> Tap:
    hq = stage(at.here)
    for _ in range(4):
        hq.tap(UNKNOWN)
    return Tap(hq, (UNKNOWN,))


def badge_elsewhere(at: Stage) -> Tap:
    rules(site(id="dock"))
    dock = at.here.place(bank(id="dock-01", site="dock"), stowed={1: drill(2)})
    stage(at.here)
    seen = person(last_take=LastTake(site="hq", at=at.here.now - timedelta(minutes=1)))
    mapping.person_item(ORG, seen).save()
    return Tap(dock)


def screen(at: Stage) -> Tap:
    return Tap(_kiosk(at))


def pick_a_take(at: Stage) -> Choice:
    hq = _kiosk(at)
    return Choice(hq, hq.tap(), "take:saw")


def pick_a_return(at: Stage) -> Choice:
    hq = _kiosk(at)
    opened = hq.choose(hq.tap(), "take:saw")
    hq.does(opened, "closed", tags=[])
    at.here.later(minutes=1)
    return Choice(hq, hq.tap(), f"return:{opened.grant}")


def pick_while_a_grant_lapses(at: Stage) -> Choice:
    hq = _kiosk(at)
    at.here.meet(person(2), OTHER_TOKEN)
    shown = hq.tap()
    hq.choose(hq.tap(OTHER_TOKEN), "take:drill")
    at.here.later(seconds=45)
    return Choice(hq, shown, "take:saw")


def pick_again(at: Stage) -> Choice:
    hq = _kiosk(at)
    shown = hq.tap()
    hq.choose(shown, "take:saw")
    at.here.later(seconds=5)
    return Choice(hq, shown, "take:saw")


def pick_what_is_gone(at: Stage) -> Again:
    hq = _kiosk(at)
    at.here.meet(person(2), OTHER_TOKEN)
    shown = hq.tap()
    hq.choose(hq.tap(OTHER_TOKEN), "take:saw")
    return Again(picked(hq, shown, "take:saw"))


def pick_on_an_old_screen(at: Stage) -> Again:
    hq = _kiosk(at)
    shown = hq.tap()
    at.here.later(seconds=130)
    return Again(picked(hq, shown, "take:saw"))


def pick_after_a_take_elsewhere(at: Stage) -> Again:
    hq = _kiosk(at)
    shown = hq.tap()
    now = at.here.person()
    mapping.person_item(ORG, replace(now, last_take=LastTake(site="dock", at=at.here.now))).save()
    return Again(picked(hq, shown, "take:saw"))


def pick_with_a_badge_revoked_meanwhile(at: Stage) -> Again:
    hq = _kiosk(at)
    shown = hq.tap()
    mapping.badge_item(ORG, Badge(id=TOKEN, person="p-1", state=BadgeState.REVOKED)).save()
    return Again(picked(hq, shown, "take:saw"))


def pick_at_a_bank_revoked_meanwhile(at: Stage) -> Again:
    hq = _kiosk(at)
    shown = hq.tap()
    at.here.revoke()
    return Again(picked(hq, shown, "take:saw"))


def said_before(at: Stage) -> Again:
    taken = not_taken(at)
    said = picked(taken.bank, taken.screen, taken.option)
    at.here.deliver("choice", said.event(at.here.now))
    return Again(said)


def overtaken_again_and_again(at: Stage) -> Tap:
    hq = stage(at.here)
    _always_overtaken(at)
    return Tap(hq)


def overtaken_at_the_screen(at: Stage) -> Again:
    hq = _kiosk(at)
    shown = hq.tap()
    _always_overtaken(at)
    return Again(picked(hq, shown, "take:saw"))


def not_taken(at: Stage) -> Choice:
    hq = stage(at.here, "door_only", mode=Mode.KIOSK)
    taking = hq.tap()
    hq.does(taking, "closed")
    at.here.later(seconds=30)
    return Choice(hq, hq.tap(), f"not_taken:{taking.grant}")


def not_put_in(at: Stage) -> Choice:
    hq = _kiosk(at, "door_only")
    opened = hq.choose(hq.tap(), "take:saw")
    hq.does(opened, "closed")
    hq.does(hq.choose(hq.tap(), f"return:{opened.grant}"), "closed")
    at.here.later(seconds=30)
    return Choice(hq, hq.tap(), f"not_returned:{opened.grant}")


def picked(hq: FakeBank, shown: Heard, option: str) -> Upload:
    """Return the choice of an option on a screen."""
    body = {"session": shown.body["session"], "option": option, "journal_depth": 0}
    return hq._upload("choice", body)


def _always_overtaken(at: Stage) -> None:
    """Somebody describes the person anew whenever something is about to be committed about them."""
    dynamo = at.cloud.dynamo

    def overtake(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            item = dict(dynamo.snapshot()["state"][f"{ORG}#PERSON#p-1", "PROFILE"])
            version = {"N": str(int(item["version"]["N"]) + 1)}
            dynamo.perform("PutItem", {"TableName": "state", "Item": {**item, "version": version}})

    dynamo.before.append(overtake)


def time(at: Stage) -> Time:
    return Time(stage(at.here))


def _kiosk(at: Stage, evidence: str = "tags") -> FakeBank:
    rules(SAW)
    hq = stage(at.here, evidence, mode=Mode.KIOSK)
    beside(at.here, drill(2, type="saw", name="Saw 2"), number=2)
    return hq
