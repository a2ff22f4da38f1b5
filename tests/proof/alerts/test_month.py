"""The short form of G9: a few days of loans with every kind of trouble, and a crowd that is due at once."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from tests.proof.alerts.crowd import told
from tests.proof.alerts.long import IN_TIME_S, played, within
from tests.proof.alerts.month import Plan

SMALL = Plan(seed=1, loans=20, days=2, people=8)
RETURNED = Plan(seed=7, loans=40, days=1, people=5, dead=0.6, down=timedelta())


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]) -> Any:
    """Nobody reads the metrics."""
    yield
    capsys.readouterr()


def test_everybody_is_told_once_in_time_and_not_too_often() -> None:
    came_to = played(SMALL)
    assert came_to["wrong"] == ()
    assert came_to["slowest_s"] <= IN_TIME_S
    assert min(came_to[name] for name in ("waited", "refused", "throttled")) > 0
    assert came_to["records"] > 50


def test_who_was_not_reached_by_mail_is_told_another_way_and_gets_no_more_of_it() -> None:
    """A digest's parts once waited here for the cooldown of a mail that nobody had got."""
    came_to = played(RETURNED)
    assert came_to["wrong"] == ()
    assert came_to["back"] > 2
    assert came_to["words"] > 5
    assert came_to["again_s"] <= 2 * 60


@pytest.mark.parametrize(
    ("forgotten", "found"), [("stopped", "went to a stopped address"), ("undone", "nobody heard it")]
)
def test_who_does_not_listen_to_the_provider_is_found(forgotten: str, found: str) -> None:
    with patch(f"chalicelib.notices.hear_feedback.{forgotten}", lambda *_: None):
        assert any(found in wrong for wrong in played(RETURNED)["wrong"])


def test_who_forgets_the_cooldown_is_found() -> None:
    with (
        patch("toolcrib.domain.cooling.waits_until", lambda *given: given[-1]),
        patch("toolcrib.flows.gather.waits_until", lambda *given: given[-1]),
    ):
        assert any("heard at" in wrong for wrong in played(Plan(seed=1, loans=40, days=1, people=3))["wrong"])


def test_a_crowd_is_told_as_fast_as_ses_takes_it_and_nobody_is_turned_away() -> None:
    crowd = told(40, besides=40)
    assert within(crowd)
    assert crowd.throttled == 0
    assert crowd.seconds <= 41
    assert crowd.swept_reads < 8
