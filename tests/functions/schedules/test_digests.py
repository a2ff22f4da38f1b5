"""The clock writes one record a site, day and recipient, whatever runs twice or not at all."""

from datetime import time, timedelta

import pytest

from chalicelib.schedules import digests
from tests.support.outcomes import lend
from tests.support.workplace import DRILL, ORG, person, rules
from tests.support.world import World
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.record import replace
from toolcrib.store import notices


def due(here: World) -> list[Notice]:
    return [notice for notice in here.notices() if notice.period is not None]


@pytest.fixture
def told(here: World) -> None:
    """The site is told at ten, local time; it is ten there now."""
    here.site_has(digest_at=time(10), supervisors=("p-9",), channel="#hq")
    here.meet(person(9, email="omar@acme.example"))


def test_a_site_is_told_once_a_day_whatever_runs_twice(here: World, told: None) -> None:
    assert digests.handle(ORG, now=here.now) == {"due": 2, "new": 2}
    for minutes in (0, 5, 400):
        assert digests.handle(ORG, now=here.now + timedelta(minutes=minutes))["new"] == 0
    assert {(each.recipient, each.period, str(each.state)) for each in due(here)} == {
        ("p-9", "2026-11-20", "pending"),
        ("#hq", "2026-11-20", "pending"),
    }
    assert digests.handle(ORG, now=here.now + timedelta(days=1))["new"] == 2


def test_a_missed_hour_is_caught_up_the_same_day_and_not_the_next(here: World, told: None) -> None:
    assert digests.handle(ORG, now=here.now + timedelta(hours=13))["new"] == 2
    assert digests.handle(ORG, now=here.now + timedelta(hours=14))["new"] == 0


def test_who_becomes_a_supervisor_later_in_the_day_is_told_too(here: World, told: None) -> None:
    digests.handle(ORG, now=here.now)
    here.site_has(digest_at=time(10), supervisors=("p-9", "p-8"), channel="#hq")
    assert digests.handle(ORG, now=here.now) == {"due": 3, "new": 1}


def test_runs_that_overlap_write_one_record(here: World, told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "find_many", lambda _: {})  # each looked before the other wrote
    assert digests.handle(ORG, now=here.now)["new"] == 2
    assert digests.handle(ORG, now=here.now)["new"] == 0


def test_owners_are_told_once_a_week(here: World) -> None:
    rules(replace(DRILL, owner="p-7"))
    here.meet(person(7))
    assert digests.handle(ORG, now=here.now) == {"due": 1, "new": 1}
    assert digests.handle(ORG, now=here.now + timedelta(days=1))["new"] == 0
    assert digests.handle(ORG, now=here.now + timedelta(days=7))["new"] == 1


def test_nothing_is_read_of_loans(here: World, told: None) -> None:
    lend(here)
    digests.handle(ORG, now=here.now)
    before = len(here.dynamo.calls) if here.dynamo is not None else 0
    digests.handle(ORG, now=here.now)
    assert here.dynamo is not None
    assert {name for name, _ in here.dynamo.calls[before:]} <= {"GetItem", "BatchGetItem", "Query"}
    assert len(here.dynamo.calls) - before <= 3


def test_a_record_that_is_there_is_left_as_it_is(here: World, told: None) -> None:
    digests.handle(ORG, now=here.now)
    first = due(here)[0]
    notices.save_notice(ORG, replace(first, state=NoticeState.SENT, version=2))
    assert not notices.add_notice(ORG, first)
    assert notices.load_notice(ORG, first.id).state is NoticeState.SENT
