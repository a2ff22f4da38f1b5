"""What the clock calls: *now* is the event's, and only the local stack may move it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.outcomes import stage
from tests.support.world import Context, World, app
from toolcrib.domain.refusals import Invalid
from toolcrib.settings import settings


def call(name: str, here: World, **off: float) -> dict[str, Any]:
    at = here.now + timedelta(**off)
    answer: dict[str, Any] = getattr(app("schedules"), name)({"time": at.isoformat()}, Context())
    return answer


def test_a_sweep_says_what_it_did(here: World) -> None:
    stage(here).tap()
    assert call("sweep", here, minutes=11) == {"grant_unresolved": 1}
    assert call("sweep", here, minutes=12) == {}


def test_watching_says_whom_it_looked_at(here: World) -> None:
    stage(here)
    assert call("watch_banks", here) == {"banks": 1, "silent": 0, "cases": 0, "excused": 0, "rooms": 0, "charges": 0}


@pytest.mark.parametrize("name", ["sweep", "watch_banks", "rosters", "anchor_heads"])
def test_a_moved_time_is_refused_outside_the_local_stack(
    here: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_STACK", "")
    settings.cache_clear()
    with pytest.raises(Invalid, match="off the clock"):
        call(name, here, days=3000)


@pytest.mark.parametrize("name", ["sweep", "watch_banks", "rosters", "anchor_heads"])
def test_an_event_without_a_time_is_refused(here: World, name: str) -> None:
    with pytest.raises(Invalid):
        getattr(app("schedules"), name)({}, Context())
    assert here.published == []
