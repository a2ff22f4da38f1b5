"""Scenes of kits: several loans in one grant, taken and brought back as a whole or in parts."""

from tests.proof.faults.devices import Tap
from tests.proof.faults.stage import Stage
from tests.support.banks import Upload
from tests.support.kits import TAGS, drone, lent
from tests.support.workplace import OTHER_TOKEN


def take_a_kit(at: Stage) -> Tap:
    return Tap(drone(at.here))


def give_back_a_kit(at: Stage) -> Tap:
    return Tap(lent(at.here)[0])


def unused_kit_in_the_way(at: Stage) -> Tap:
    hq = drone(at.here)
    hq.tap()
    at.here.later(seconds=61)
    return Tap(hq, (OTHER_TOKEN,))


def kit_taken_in_part(at: Stage) -> Upload:
    hq = drone(at.here)
    return hq.saw(hq.tap(), "closed", tags=TAGS[1:2])


def kit_returned_in_part(at: Stage) -> Upload:
    hq, _ = lent(at.here)
    return hq.saw(hq.tap(), "closed", tags=TAGS[:2])


def kit_that_is_late(at: Stage) -> Upload:
    hq = drone(at.here)
    report = hq.saw(hq.tap(), "closed", tags=TAGS[1:2])
    at.here.later(minutes=11)
    at.here.sweep()
    return report


AT_BANKS = (take_a_kit, give_back_a_kit, unused_kit_in_the_way)
REPORTED = (kit_taken_in_part, kit_returned_in_part, kit_that_is_late)
