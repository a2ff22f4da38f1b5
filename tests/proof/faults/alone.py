"""Scenes of banks that are alone: rosters are made, fetched and taken back, and what was done under them is told."""

import json
from dataclasses import dataclass

import jwt

from tests.proof.faults.runs import Run
from tests.proof.faults.stage import Stage, aside
from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import TAG, beside, lend, stage
from tests.support.workplace import ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from toolcrib.domain.pairing import Pair, PairKind
from toolcrib.store.rosters import find_latest

STRANGER = "1." + "B" * 43


@dataclass
class Rosters(Run):
    """The rosters' run; what banks hear first when they connect has to be what is on record, with its body there."""

    function: str = "rosters"

    def deliver(self, stage: Stage, nth: int) -> bool:
        done = super().deliver(stage, nth)
        if done:
            with aside(stage.cloud):
                latest = find_latest(ORG, stage.here.retained)
            stage.told = [f"{name} {_heard(stage, name, latest[name].issued)}" for name in sorted(stage.here.retained)]
        return done


def _heard(at: Stage, name: str, issued: object) -> str:
    retained = at.here.retained[name]
    if not retained:
        return "nothing" if issued is None else "nothing, though a roster is on record"
    claims = jwt.decode(json.loads(retained)["manifest"], options={"verify_signature": False})
    right = getattr(issued, "version", None) == claims["version"]
    body = f"{ORG}/{name}/{claims['version']}.json"
    there = any(key.endswith(body) for key in at.cloud.bucket.objects)
    return f"its roster: {right}, body: {there}"


@dataclass
class Fetch:
    """A bank that asks for its roster until it is told where it lies."""

    bank: FakeBank
    version: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        now = stage.later(seconds=5 * nth)
        asked = self.bank._upload("fetch", {"what": "roster", "version": self.version, "journal_depth": 0})
        _, heard, _ = stage.invoke("devices", "on_fetch", asked.event(now))
        stage.told += [each.kind for each in heard]
        return bool(heard)


def the_first_rosters(at: Stage) -> Rosters:
    stage(at.here)
    at.here.place(bank(id="hq-02"))
    at.here.meet(person(2, borrows_for=("p-3",)), OTHER_TOKEN)
    at.here.meet(person(3))
    return Rosters()


def rosters_after_a_change(at: Stage) -> Rosters:
    stage(at.here)
    _made(at)
    at.here.later(minutes=3)
    at.here.change_person(person(active=False))
    at.here.later(minutes=3)
    return Rosters()


def rosters_that_say_nothing_new(at: Stage) -> Rosters:
    stage(at.here)
    _made(at)
    at.here.later(minutes=3)
    at.here.change_person(person(email="maya@acme.example"))
    at.here.later(minutes=3)
    return Rosters()


def a_roster_is_taken_back(at: Stage) -> Rosters:
    stage(at.here)
    _made(at)
    at.here.revoke()
    at.here.later(minutes=3)
    return Rosters()


KEPT = (the_first_rosters, rosters_after_a_change, rosters_that_say_nothing_new, a_roster_is_taken_back)


def fetch(at: Stage) -> Fetch:
    hq = stage(at.here)
    return Fetch(hq, _made(at))


def taken_alone(at: Stage) -> Upload:
    return _told(at, stage(at.here), "take", 1, [])


def taken_alone_beside_what_locks_it(at: Stage) -> Upload:
    rules(Pair(id="keys", kind=PairKind.LOCKOUT, assets=("drill-1", "drill-2")))
    hq = stage(at.here)
    at.here.place(bank(id="hq-02"), stowed={1: drill(2)})
    return _told(at, hq, "take", 1, [])


def taken_alone_without_a_right(at: Stage) -> Upload:
    at.here.site_has(supervisors=("p-9",))
    hq = stage(at.here)
    report = _told(at, hq, "take", 1, [])
    at.here.change_person(person(active=False))
    return report


def taken_alone_by_a_roster_that_is_gone(at: Stage) -> Upload:
    report = _told(at, stage(at.here), "take", 1, [])
    at.cloud.bucket.objects.clear()
    return report


def taken_alone_though_it_was_out(at: Stage) -> Upload:
    hq = stage(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    report = _told(at, hq, "take", 1, [])
    hq.journal.clear()
    hq.does(hq.tap(OTHER_TOKEN), "closed", tags=[])
    return report


def taken_alone_by_nobody(at: Stage) -> Upload:
    return _told(at, stage(at.here), "take", 1, [], badge=STRANGER)


def returned_alone(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    return _told(at, hq, "return", 2, [TAG])


def returned_alone_by_another(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    return _told(at, hq, "return", 2, [TAG], badge=OTHER_TOKEN)


def returned_alone_with_what_lay_elsewhere(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    beside(at.here, drill(2), number=3)
    return _told(at, hq, "return", 2, [TAG, "E2000002"])


def unclear_alone(at: Stage) -> Upload:
    return _told(at, stage(at.here), "take", 1, None, outcome="unresolved")


def left_open_alone(at: Stage) -> Upload:
    return _told(at, stage(at.here), "take", 1, None, outcome="left_open")


DOORS = (
    taken_alone,
    taken_alone_beside_what_locks_it,
    taken_alone_without_a_right,
    taken_alone_by_a_roster_that_is_gone,
    taken_alone_though_it_was_out,
    taken_alone_by_nobody,
    returned_alone,
    returned_alone_by_another,
    returned_alone_with_what_lay_elsewhere,
    unclear_alone,
    left_open_alone,
)


def _made(at: Stage) -> str:
    """Let rosters be made now; returns the version of the first bank's."""
    at.here.wake("schedules", "rosters", {"time": at.here.now.isoformat()})
    issued = find_latest(ORG, ["hq-01"])["hq-01"].issued
    assert issued is not None
    return issued.version


def _told(
    at: Stage,
    hq: FakeBank,
    kind: str,
    door: int,
    tags: list[str] | None,
    *,
    badge: str = TOKEN,
    outcome: str = "closed",
) -> Upload:
    version = _made(at)
    at.here.later(minutes=10)
    use = {"kind": kind, "badge": badge, "asset": "drill-1", "roster": version}
    report = hq.saw(None, outcome, door=door, tags=tags, offline=use)
    at.here.later(minutes=10)
    return report
