"""A bank wants the body of its roster: its own, its present one, and nobody else's."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.schedules import renew_rosters
from tests.support.outcomes import beside, stage
from tests.support.workplace import ORG, bank, drill
from tests.support.world import Heard, World
from toolcrib.store import keys
from toolcrib.store.items import LatestItem
from toolcrib.store.rosters import find_latest


def roster(here: World, bank_id: str = "hq-01") -> str:
    renew_rosters.handle(ORG, now=here.now)
    issued = find_latest(ORG, [bank_id])[bank_id].issued
    assert issued is not None
    return issued.version


def fetch(here: World, version: str, bank_id: str = "hq-01") -> list[Heard]:
    return here.bank(bank_id)._converse("fetch", None, what="roster", version=version)


def test_a_bank_is_told_where_its_roster_lies_for_a_minute(here: World) -> None:
    stage(here)
    version = roster(here)
    (answer,) = fetch(here, version)
    url = urlsplit(answer.body["url"])
    assert answer.kind == "fetch"
    assert url.path.endswith(f"/acme/hq-01/{version}.json")
    assert parse_qs(url.query)["X-Amz-Expires"] == ["60"]


def test_a_bank_never_gets_another_banks_roster(here: World) -> None:
    stage(here)
    here.place(bank(id="hq-02"))
    assert fetch(here, roster(here, "hq-02")) == []
    assert len(fetch(here, roster(here, "hq-02"), "hq-02")) == 1


@pytest.mark.parametrize("version", ["7", "20261120T090000.000Z-0000"])
def test_a_roster_that_was_never_made_has_no_answer(here: World, version: str) -> None:
    stage(here)
    assert fetch(here, version) == []


def test_a_roster_that_another_has_replaced_has_no_answer_and_the_other_one_has(here: World) -> None:
    stage(here)
    old = roster(here)
    beside(here, drill(2), number=2)
    here.later(minutes=5)
    new = roster(here)
    assert fetch(here, old) == []
    assert len(fetch(here, new)) == 1


def test_a_roster_that_is_over_has_no_answer(here: World) -> None:
    stage(here)
    version = roster(here)
    here.later(hours=24)
    assert fetch(here, version) == []


def test_a_revoked_bank_gets_nothing(here: World) -> None:
    stage(here)
    version = roster(here)
    here.revoke()
    assert fetch(here, version) == []


def test_a_roster_that_was_told_of_before_it_was_noted_is_there(here: World) -> None:
    stage(here)
    here.later(minutes=1)
    version = roster(here)

    LatestItem(*keys.latest_roster(ORG, "hq-01")).delete()
    assert len(fetch(here, version)) == 1
