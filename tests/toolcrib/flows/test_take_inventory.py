"""An inventory goes on where it broke off, counts each thing once, and says what nobody sees."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import OTHER_TAG, TAG, beside, stage
from tests.support.workplace import ORG, bank, drill
from tests.support.world import World
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Finding
from toolcrib.domain.healing.inventory import MOST_LINES, Inventory
from toolcrib.flows.take_inventory import ENOUGH_S, take
from toolcrib.store.inventories import find_inventories

CLOSED = dict.fromkeys(range(1, 5), "closed")
NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # half past three in Berlin


def plenty() -> float:
    return 60.0


def for_steps(steps: int) -> Callable[[], float]:
    """Return a clock that has time for so many looks, and then none."""
    looks: Iterator[int] = count()
    return lambda: 60.0 if next(looks) < steps else ENOUGH_S - 1


def tells(here: World, of: FakeBank, tags: dict[int, list[str] | None]) -> None:
    here.later(minutes=5)
    of.send(of.status(CLOSED, {1: [], 2: [], 3: [], 4: [], **tags}))


def many_banks(here: World, banks: int) -> None:
    for number in range(1, banks + 1):
        of = here.place(bank(id=f"hq-{number:02d}"), stowed={1: drill(number)})
        of.send(of.status(CLOSED, {1: [f"E200{number:04d}"], 2: [], 3: [], 4: []}))


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_however_often_it_breaks_off_each_bank_is_counted_once(here: World, steps: int) -> None:
    many_banks(here, 6)
    runs = 0
    while (found := take(ORG, "hq", now=here.now, time_left_s=for_steps(steps))).ended_at is None:
        runs += 1
        assert runs < 20
    assert (found.banks, dict(found.counts)) == (6, {"agrees": 6})


def test_what_is_done_is_the_last_and_the_next_one_begins_anew(here: World) -> None:
    many_banks(here, 2)
    first = take(ORG, "hq", now=here.now, time_left_s=plenty)
    assert find_inventories(ORG, "hq")[0] == first
    here.later(minutes=1)
    assert take(ORG, "hq", now=here.now, time_left_s=plenty).began_at == here.now


def test_on_demand_one_that_is_under_way_is_begun_anew(here: World) -> None:
    many_banks(here, 3)
    take(ORG, "hq", now=here.now, time_left_s=for_steps(1))
    here.later(minutes=1)
    assert take(ORG, "hq", now=here.now, time_left_s=plenty, anew=True).banks == 3


def test_what_was_missed_and_is_seen_by_no_reader_is_missing(here: World) -> None:
    hq = stage(here)
    tells(here, hq, {})
    found = take(ORG, "hq", now=here.now, time_left_s=plenty)
    assert (dict(found.counts), found.lines[0].asset) == ({"missing": 1}, "drill-1")
    (case,) = here.cases()
    assert case.repair is not None
    assert case.repair.finding is Finding.MISSING
    before = here.cases()
    take(ORG, "hq", now=here.now, time_left_s=plenty)
    assert here.cases() == before


def test_a_second_look_counts_it_again_and_it_still_mends_itself_when_it_is_seen(here: World) -> None:
    hq = stage(here)
    tells(here, hq, {})
    for _ in range(2):
        assert take(ORG, "hq", now=here.now, time_left_s=plenty).counts == {"missing": 1}
    tells(here, hq, {2: [TAG]})
    assert here.asset().state == "stowed"
    assert take(ORG, "hq", now=here.now, time_left_s=plenty).counts == {"agrees": 1}


def test_where_one_reader_was_not_heard_nothing_is_called_missing(here: World) -> None:
    hq = stage(here)
    here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=1)
    tells(here, hq, {})
    found = take(ORG, "hq", now=here.now, time_left_s=plenty)
    assert (dict(found.counts), found.unheard) == ({}, ("hq-02",))


def test_what_another_bank_sees_is_not_missing(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    other = here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=4)
    tells(here, hq, {2: [OTHER_TAG]})
    other.send(other.status(CLOSED, {1: [TAG], 2: [], 3: [], 4: []}, journal_depth=1))
    assert Finding.MISSING not in take(ORG, "hq", now=here.now, time_left_s=plenty).counts


def test_of_very_many_only_the_first_are_named() -> None:
    from toolcrib.domain.healing.inventory import Line, with_bank
    from toolcrib.domain.healing.views import View

    lines = [Line(finding=Finding.UNKNOWN_TAG, bank="hq-01", door=1, tag=f"E{number}") for number in range(500)]
    found = with_bank(Inventory(site="hq", began_at=NIGHT), bank(), View(bank="hq-01"), lines, NIGHT)
    assert (len(found.lines), found.differs) == (MOST_LINES, 500)


# --- every night ---


def at_night(here: World, moment: datetime = NIGHT) -> dict[str, int]:
    here.now = moment
    done: dict[str, int] = {}
    from chalicelib.schedules import nightly

    done.update(nightly.handle(ORG, now=here.now, time_left_s=plenty))
    return done


def test_every_night_once(here: World) -> None:
    stage(here)
    assert at_night(here)["done"] == 1
    assert at_night(here, NIGHT + timedelta(minutes=15))["done"] == 0
    assert at_night(here, NIGHT + timedelta(days=1))["done"] == 1


@pytest.mark.parametrize("hour", [0, 5, 12, 23])
def test_not_by_day(here: World, hour: int) -> None:
    stage(here)
    assert at_night(here, NIGHT.replace(hour=hour, minute=0))["done"] == 0


def test_what_broke_off_goes_on_even_after_the_night(here: World) -> None:
    from chalicelib.schedules import nightly

    many_banks(here, 4)
    here.now = NIGHT
    for _ in range(8):
        assert nightly.handle(ORG, now=here.now, time_left_s=for_steps(3))["done"] in {0, 1}
        here.later(hours=1)
    last, _ = find_inventories(ORG, "hq")
    assert last is not None
    assert last.banks == 4
