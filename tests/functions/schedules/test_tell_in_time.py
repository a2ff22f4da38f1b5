"""Whenever the next step of a valuable thing's loan is set, somebody will be waiting for its moment."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.schedules.tell_in_time import arrange
from tests.support.aws.cloud import Cloud, reached
from tests.support.tables import ENVIRONMENT
from tests.support.workplace import NOW
from toolcrib import clients
from toolcrib.settings import settings


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    caches = (settings, clients.session, clients.client)
    for each in caches:
        each.cache_clear()
    with reached(Cloud()) as it:
        yield it
    for each in caches:
        each.cache_clear()


def test_a_moment_far_away_gets_a_schedule_that_goes_away_by_itself(cloud: Cloud) -> None:
    moment = NOW.replace(hour=17, minute=30, second=20)
    assert arrange("acme", "l-1", moment, now=NOW) == "arranged"
    ((_, made),) = cloud.clockwork.schedules.items()
    assert made["ScheduleExpression"] == f"at({moment:%Y-%m-%d}T17:29:00)"
    assert (made["ScheduleExpressionTimezone"], made["ActionAfterCompletion"]) == ("UTC", "DELETE")
    assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert made["GroupName"] == ENVIRONMENT["SCHEDULE_GROUP"]
    target = made["Target"]
    assert (target["Arn"], target["RoleArn"]) == (ENVIRONMENT["SWEEP_AT_FUNCTION"], ENVIRONMENT["SCHEDULE_ROLE"])
    assert json.loads(target["Input"]) == {"time": f"{moment:%Y-%m-%d}T17:30:20.000Z"}
    assert cloud.clockwork.started == []


def test_asked_again_it_is_arranged_once(cloud: Cloud) -> None:
    told = [arrange("acme", "l-1", NOW + timedelta(hours=1), now=NOW) for _ in range(2)]
    assert told == ["arranged", "arranged_before"]
    assert len(cloud.clockwork.schedules) == 1


def test_a_moment_that_is_close_is_waited_for_at_once(cloud: Cloud) -> None:
    assert arrange("acme", "l-1", NOW + timedelta(seconds=30), now=NOW) == "started"
    assert [set(each) for each in cloud.clockwork.started] == [{"time"}]
    assert cloud.clockwork.schedules == {}


def test_a_moment_that_is_over_is_left_to_the_sweep(cloud: Cloud) -> None:
    assert arrange("acme", "l-1", NOW - timedelta(minutes=2), now=NOW) == "left_to_the_sweep"
    assert (cloud.clockwork.schedules, cloud.clockwork.started) == ({}, [])
