"""Stories of eight reports each, across two grants; what is told about the same things has to end in the same way.

Everything that is asked for (taps, remote openings) happens while no report of the story has reached the cloud, as
when a bank's connection lets conversation through and its reports come later, all at once and several times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import GONE, THERE, beside, lend, stage
from tests.support.workplace import OTHER_TOKEN, drill, person
from tests.support.world import Heard, World

Steps = Mapping[str, Callable[[], object]]
LEVELS: Final = tuple(GONE)
REPORTS: Final = 8


@dataclass(frozen=True)
class Trace:
    """A story: `tell` plays it at a level of evidence and returns a step for each of its reports, unsent."""

    name: str
    evidence: str
    tell: Callable[[World, str], Steps]


def took_and_returned(here: World, evidence: str) -> Steps:
    """A take that leaves its door open for a while, and the return of it; the power was lost meanwhile."""
    hq = stage(here, evidence)
    taken = _cycle(here, hq, hq.tap(), "take", GONE[evidence], left_open=True)
    returned = _cycle(here, hq, _later_return(here, hq), "return", THERE[evidence], left_open=True)
    return _told(hq, taken | returned | _around(hq, "status", "power_lost"))


def power_cut_while_open(here: World, evidence: str) -> Steps:
    """A take whose door stood open when the power went out, unresolved after the boot, while somebody else takes."""
    hq = stage(here, evidence)
    beside(here, drill(2), number=2)
    here.meet(person(2), OTHER_TOKEN)
    one = hq.tap()
    opened = hq.saw(one, "opened", opened_ms=0)
    here.later(seconds=20)
    hq.reboot()
    unresolved = hq.saw(one, "unresolved")
    other = _cycle(here, hq, hq.tap(OTHER_TOKEN), "other", GONE[evidence], left_open=True)
    about = _around(hq, "status", "power_back", "fault")
    return _told(hq, {"opened": opened, "unresolved": unresolved} | other | about)


def changed_their_mind(here: World, evidence: str) -> Steps:
    """A door opened for a take and closed with the thing still inside; then one for a return, and nothing put in."""
    hq = stage(here, evidence)
    looked = _cycle(here, hq, hq.tap(), "take", THERE[evidence])
    nothing = _cycle(here, hq, _later_return(here, hq), "return", GONE[evidence], left_open=True)
    return _told(hq, looked | nothing | _around(hq, "status", "tamper", "fault"))


def nobody_came(here: World, evidence: str) -> Steps:
    """A return that nobody opened the door for, and the next one."""
    hq, _ = lend(here, evidence)
    not_opened = hq.saw(hq.tap(), "not_opened")
    returned = _cycle(here, hq, _later_return(here, hq), "return", THERE[evidence], left_open=True)
    return _told(hq, {"not opened": not_opened} | returned | _around(hq, "status", "tamper", "power_lost", "fault"))


def jammed(here: World, evidence: str) -> Steps:
    """A take whose bolt does not move, then somebody else's; the first one thinks they had it, and a door opens."""
    hq = stage(here, evidence)
    beside(here, drill(2), number=2)
    here.meet(person(2), OTHER_TOKEN)
    stuck = hq.saw(hq.tap(), "jammed")
    other = _cycle(here, hq, hq.tap(OTHER_TOKEN), "other", GONE[evidence], left_open=True)
    about = _around(hq, "status", "power_lost", "power_back", "fault")
    return _told(hq, {"jammed": stuck} | other | about)


def opened_from_afar(here: World, evidence: str) -> Steps:
    """An admin opens the empty door of a thing that is out, while its holder brings it to another."""
    hq, _ = lend(here, evidence)
    returning = hq.tap()
    afar = here.open_remotely(2 if returning.door == 1 else 1)
    service = _cycle(here, hq, afar, "service", GONE[evidence])
    returned = _cycle(here, hq, returning, "return", THERE[evidence], left_open=True)
    return _told(hq, service | returned | _around(hq, "status", "tamper", "fault"))


def two_people(here: World, evidence: str) -> Steps:
    """Two people who each take a thing of their own at the same time."""
    hq = stage(here, evidence)
    beside(here, drill(2), number=2)
    here.meet(person(2), OTHER_TOKEN)
    one, two = hq.tap(), hq.tap(OTHER_TOKEN)
    first = _cycle(here, hq, one, "one", GONE[evidence], left_open=True)
    second = _cycle(here, hq, two, "two", GONE[evidence], left_open=True)
    return _told(hq, first | second | _around(hq, "status", "power_lost"))


def _later_return(here: World, hq: FakeBank) -> Heard:
    """Tap again when the first grant has run out unreported: what comes is for a return."""
    here.later(minutes=2)
    returning = hq.tap()
    assert returning.claims["purpose"] == "return"
    return returning


def _cycle(
    here: World, hq: FakeBank, granted: Heard, of: str, seen: dict[str, Any], *, left_open: bool = False
) -> dict[str, Upload]:
    """Open and close a door; returns the reports by name, unsent."""
    here.later(seconds=3)
    reports = {f"{of} opened": hq.saw(granted, "opened", opened_ms=0)}
    open_s = 80 if left_open else 7
    if left_open:
        here.later(seconds=60)
        reports[f"{of} left open"] = hq.saw(granted, "left_open", opened_ms=60_000)
    here.later(seconds=20 if left_open else 7)
    closed = hq.saw(granted, "closed", opened_ms=open_s * 1000, closed_ms=0, **seen)
    return reports | {f"{of} closed": closed}


def _around(hq: FakeBank, *kinds: str) -> dict[str, Upload]:
    """Return reports about the cabinet itself, by name, unsent."""
    made: dict[str, Callable[[], Upload]] = {
        "status": lambda: hq.status(dict.fromkeys(range(1, 5), "closed")),
        "fault": lambda: hq.report("fault", severity="minor", door=4, text="the hinge squeaks"),
    }
    return {kind: made[kind]() if kind in made else hq.report("alarm", kind=kind) for kind in kinds}


def _told(hq: FakeBank, reports: dict[str, Upload]) -> Steps:
    assert len(reports) == REPORTS, sorted(reports)
    return {name: partial(hq.repeat, report) for name, report in reports.items()}


STORIES: Final = (
    took_and_returned,
    power_cut_while_open,
    changed_their_mind,
    nobody_came,
    jammed,
    opened_from_afar,
    two_people,
)
TRACES: Final = tuple(
    Trace(story.__name__.replace("_", " "), evidence, story) for story in STORIES for evidence in LEVELS
)
