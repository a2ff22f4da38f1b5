"""Where *now* comes from: the event; moved time is for the local stack only (design.md, *Local stack*)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from toolcrib.domain.refusals import Invalid
from toolcrib.flows.clock import moment_of
from toolcrib.settings import settings

CLOCK = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


@pytest.fixture(params=["", "1"], ids=["on AWS", "on the local stack"])
def local(request: pytest.FixtureRequest) -> Iterator[bool]:
    with patch.dict("os.environ", {"LOCAL_STACK": request.param}):
        settings.cache_clear()
        yield request.param == "1"
    settings.cache_clear()


@pytest.mark.parametrize("text", ["2026-11-21T18:00:00Z", "2026-11-21T18:00:00", "2026-11-21T19:00:00+01:00"])
def test_now_is_the_events_time(text: str, *, local: bool) -> None:
    assert moment_of({"time": text}, clock=CLOCK) == CLOCK
    assert local in {True, False}


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_five_minutes_off_the_clock_are_bearable(off: timedelta, *, local: bool) -> None:
    assert moment_of({"time": (CLOCK + off).isoformat()}, clock=CLOCK) == CLOCK + off
    assert local in {True, False}


@pytest.mark.parametrize("off", [timedelta(minutes=5, seconds=1), -timedelta(days=400)])
def test_more_is_refused_but_on_the_local_stack(off: timedelta, *, local: bool) -> None:
    event = {"time": (CLOCK + off).isoformat()}
    if local:
        assert moment_of(event, clock=CLOCK) == CLOCK + off
        return
    with pytest.raises(Invalid) as refused:
        moment_of(event, clock=CLOCK)
    assert refused.value.code == "bad_time"


@pytest.mark.parametrize("event", [{}, {"time": None}, {"time": "soon"}, {"time": 5}])
def test_an_event_without_a_time_is_refused(event: dict[str, object], *, local: bool) -> None:
    with pytest.raises(Invalid):
        moment_of(event, clock=CLOCK)
    assert local in {True, False}
