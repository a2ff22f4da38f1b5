"""Scenes of statuses held against the record, and of inventories."""

from tests.proof.faults.asks import Ask
from tests.proof.faults.runs import Run
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank, Upload
from tests.support.http import enter
from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import ORG, bank, drill
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import To, Via
from toolcrib.store import mapping

CLOSED = dict.fromkeys(range(1, 5), "closed")


def a_thing_lies_next_door(at: Stage) -> Upload:
    return _seeing(at, stage(at.here), {3: [TAG]})


def two_things_changed_doors(at: Stage) -> Upload:
    hq = stage(at.here)
    beside(at.here, drill(2), number=2)
    return _seeing(at, hq, {1: [OTHER_TAG], 2: [TAG]})


def a_thing_is_not_seen(at: Stage) -> Upload:
    hq = stage(at.here)
    at.here.site_has(supervisors=("p-9",))
    return _seeing(at, hq, {})


def a_thing_is_seen_again(at: Stage) -> Upload:
    hq = stage(at.here)
    hq.send(_seeing(at, hq, {}))
    return _seeing(at, hq, {1: [TAG]})


def a_thing_on_loan_is_seen(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    return _seeing(at, hq, {3: [TAG]})


def a_tag_is_seen_twice(at: Stage) -> Upload:
    return _seeing(at, stage(at.here), {1: [TAG], 2: [TAG]})


def two_banks_show_one_tag(at: Stage) -> Upload:
    hq = stage(at.here)
    other = at.here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=4)
    hq.send(_seeing(at, hq, {1: [TAG]}))
    other.send(_seeing(at, other, {2: [TAG]}))
    return _seeing(at, hq, {1: [TAG]})


def a_night(at: Stage) -> Run:
    """One thing is missing, one tag unknown, and two banks are looked at."""
    hq = stage(at.here)
    at.here.site_has(supervisors=())
    beside(at.here, drill(2), number=2)
    at.here.place(bank(id="dock-01", evidence=Evidence.DOOR_ONLY), doors=1)
    at.here.later(hours=16)
    hq.send(_seeing(at, hq, {1: [TAG], 3: [NOBODYS]}))
    hq.send(_seeing(at, hq, {1: [TAG], 3: [NOBODYS]}))
    at.here.later(minutes=5)
    return Run("take_inventory")


def a_banks_inventory(at: Stage) -> Ask:
    _known(at)
    return Ask("GET", "/banks/hq-01/inventory", None)


def an_inventory_on_demand(at: Stage) -> Ask:
    _known(at)
    return Ask("POST", "/sites/hq/inventory", None)


def the_last_inventory(at: Stage) -> Ask:
    a_night(at)
    at.here.wake("schedules", "take_inventory", {"time": at.here.now.isoformat()})
    enter("admin", "admin")
    return Ask("GET", "/sites/hq/inventory", None)


def done_as_proposed(at: Stage) -> Ask:
    """A thing on loan lies in a door; its supervisor presses the message's button."""
    hq, _ = lend(at.here)
    hq.send(_seeing(at, hq, {3: [TAG]}))
    enter("admin", "admin")
    case = at.here.cases()[0]
    notice = Notice(
        id="n-7",
        case=case.id,
        site="hq",
        step=str(case.kind),
        to=To.SUPERVISOR,
        recipient="p-1",
        via=Via.SLACK,
        due_at=at.here.now,
    )
    mapping.notice_item(ORG, notice).save()
    return Ask("POST", "/notices/n-7/reactions", {"reaction": "repair"})


def _known(at: Stage) -> None:
    hq = stage(at.here)
    enter("admin", "admin")
    hq.send(_seeing(at, hq, {1: [TAG], 2: [NOBODYS]}))


def _seeing(at: Stage, of: FakeBank, tags: dict[int, list[str] | None]) -> Upload:
    at.here.later(minutes=5)
    return of.status(CLOSED, {1: [], 2: [], 3: [], 4: [], **tags}, journal_depth=0)


MENDED = (a_thing_lies_next_door, a_thing_is_seen_again)
AT_REST = (
    two_things_changed_doors,
    a_thing_is_not_seen,
    a_thing_on_loan_is_seen,
    a_tag_is_seen_twice,
    two_banks_show_one_tag,
)
KEPT = (a_night,)
OVER_HTTP = (a_banks_inventory, an_inventory_on_demand, the_last_inventory, done_as_proposed)
