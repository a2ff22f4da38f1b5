"""The short form of G10; `long` has the whole of it."""

from pathlib import Path

import pytest

from edge.journal import Journal
from tests.proof.offline.outage import Outage, outage

REPORTS = 300


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Outage:
    return outage(REPORTS, tmp_path_factory.mktemp("outage"))


def test_nothing_is_lost(told: Outage) -> None:
    assert told.reports >= REPORTS
    assert told.lost == 0


def test_what_was_decided_without_a_network_comes_up_in_the_order_of_the_events(told: Outage) -> None:
    assert told.offline >= REPORTS * 0.9
    assert told.out_of_order == 0


def test_no_door_opened_for_whom_nothing_entitled(told: Outage) -> None:
    assert told.unentitled == 0


def test_a_lost_report_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acknowledge = Journal.acknowledge
    monkeypatch.setattr(
        Journal, "acknowledge", lambda self, _, cloud_ms=None: acknowledge(self, self.pending()[:5], cloud_ms)
    )
    assert outage(REPORTS, tmp_path).lost > 0


def test_the_journal_gives_its_room_back(told: Outage) -> None:
    assert told.after_bytes <= told.largest_bytes + 1_048_576  # beside the log, which may grow to its limit once
