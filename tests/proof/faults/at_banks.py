"""Scenes at a bank where somebody waits: taps, choices, and the time."""

from datetime import timedelta

from tests.proof.faults.devices import Choice, Tap, Time
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.outcomes import beside, lend, stage
from tests.support.workplace import ORG, OTHER_TOKEN, bank, drill, person, rules, site
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import LastTake
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
    other = hq.tap(OTHER_TOKEN)
    hq.choose(other, "take:drill")
    at.here.later(seconds=50)
    shown = hq.tap()
    at.here.later(seconds=20)
    return Choice(hq, shown, "take:saw")


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


def time(at: Stage) -> Time:
    return Time(stage(at.here))


def _kiosk(at: Stage, evidence: str = "tags") -> FakeBank:
    rules(SAW)
    hq = stage(at.here, evidence, mode=Mode.KIOSK)
    beside(at.here, drill(2, type="saw", name="Saw 2"), number=2)
    return hq
