"""Whoever is woken by an alarm finds it in the runbook."""

from pathlib import Path

import pytest

from tests.infra.test_alarms import OF_ONE_APP


@pytest.mark.parametrize("alarm", ["Errors", "Throttles", *OF_ONE_APP])
def test_every_alarm_has_its_place_in_the_runbook(alarm: str) -> None:
    page = Path("docs/runbook.md").read_text()
    assert f"\n## {alarm}\n*" in page
