"""What anybody may ask without signing in: is the API there, and does the alerting work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.http import Client
from tests.support.workplace import ORG
from tests.support.world import World, world
from toolcrib import __version__
from toolcrib.domain.outbox_age import Heartbeat
from toolcrib.store.heartbeat import save_heartbeat

VERSIONS = {"api": "1", "toolcrib": __version__}


@pytest.fixture
def here() -> Iterator[World]:
    with world() as it:
        yield it


def test_before_the_first_sweep_the_alerting_is_not_well(here: World) -> None:
    reply = Client(None).get("/health")
    alerting = {"is_well": False, "swept_at": None, "oldest_notice_seconds": 0}
    assert (reply.status, reply.json) == (200, {"status": "ok", "versions": VERSIONS, "alerting": alerting})


def test_it_tells_how_long_the_oldest_notice_has_been_waiting(here: World) -> None:
    now = datetime.now(UTC)
    save_heartbeat(ORG, Heartbeat(at=now, oldest=now - timedelta(minutes=20)))
    alerting = Client(None).get("/health").json["alerting"]
    assert (alerting["is_well"], alerting["oldest_notice_seconds"] // 60) == (False, 20)
    save_heartbeat(ORG, Heartbeat(at=now))
    assert Client(None).get("/health").json["alerting"]["is_well"]
