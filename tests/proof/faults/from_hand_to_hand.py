"""Scenes of handing over at a kiosk that do not go straight: refused, over, shown a PIN, or nothing there to give."""

from tests.proof.faults.devices import Pick, Tap
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.outcomes import beside, lend
from tests.support.pins import RIGHT, typed, with_pin
from tests.support.workplace import DRILL, OTHER_TOKEN, drill, person, rules
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.record import replace

SAW = AssetType(id="saw", name="Saw", category="tools")


def offer_what_one_does_not_have(at: Stage) -> Pick:
    hq, loan = _out(at)
    rules(SAW)
    beside(at.here, drill(3, type="saw", name="Saw 3"), number=3)
    return Pick(hq, hq.tap(OTHER_TOKEN).body["session"], f"handover:{loan}")


def receive(at: Stage) -> Tap:
    hq, waiting = _waiting(at)
    return Tap(hq, (OTHER_TOKEN,), session=waiting)


def receive_what_one_may_not_take(at: Stage) -> Tap:
    hq, waiting = _waiting(at)
    at.here.change_person(person(2, groups=()))
    return Tap(hq, (OTHER_TOKEN,), session=waiting)


def receive_too_late(at: Stage) -> Tap:
    hq, waiting = _waiting(at)
    at.here.later(seconds=61)
    return Tap(hq, (OTHER_TOKEN,), session=waiting)


def receive_what_needs_a_pin(at: Stage) -> Tap:
    hq, waiting = _waiting(at)
    _needs_a_pin(at)
    return Tap(hq, (OTHER_TOKEN,), session=waiting)


def receive_with_a_pin(at: Stage) -> Pick:
    hq, loan = _out(at)
    waiting = hq.choose(hq.tap(), f"handover:{loan}").body["session"]
    _needs_a_pin(at)
    shown = hq.tap(OTHER_TOKEN, session=waiting)
    return Pick(hq, shown.body["session"], f"handover:{loan}", {"pin": typed(RIGHT)})


AT_BANKS = (
    offer_what_one_does_not_have,
    receive,
    receive_what_one_may_not_take,
    receive_too_late,
    receive_what_needs_a_pin,
    receive_with_a_pin,
)


def _waiting(at: Stage) -> tuple[FakeBank, str]:
    """Person 1 waits for the badge of whoever takes drill 1 over."""
    hq, loan = _out(at)
    return hq, str(hq.choose(hq.tap(), f"handover:{loan}").body["session"])


def _needs_a_pin(at: Stage) -> None:
    at.here.meet(with_pin(id="p-2"), OTHER_TOKEN)
    rules(replace(DRILL, second_factor=True))


def _out(at: Stage) -> tuple[FakeBank, str]:
    """Person 1 has drill 1, another lies in door 2, and person 2 stands by."""
    hq, loan = lend(at.here, mode=Mode.KIOSK)
    beside(at.here, drill(2), number=2)
    at.here.meet(person(2), OTHER_TOKEN)
    return hq, loan
