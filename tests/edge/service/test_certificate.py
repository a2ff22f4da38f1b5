"""The certificate is looked after beside the bank, by the cloud's time, and never takes the bank down."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from edge.bank import Bank
from edge.clock import Now
from edge.enrolment.identity import read
from edge.enrolment.keys import new_key
from edge.journal import Journal
from edge.service import certificate
from edge.service.certificate import Certificate, cloud_time
from tests.edge.enrolment.board import SINCE, TEMPLATE, Cloud, enrolled
from tests.edge.network import until
from tests.edge.rig import CONFIG, UID

BEGAN = Now(mono_ms=1_000, wall=SINCE)
LATER = SINCE + timedelta(days=399)


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(CONFIG, Journal.open(tmp_path / "journal.db"), started=BEGAN)


def dated(bank: Bank, at: datetime) -> None:
    bank.base.ask("n", BEGAN)
    assert bank.base.answer("n", int(at.timestamp() * 1000), BEGAN)


async def nobody_asks(topic: str, _: Mapping[str, Any]) -> dict[str, Any]:
    raise AssertionError(topic)


async def let_in(*_: Any) -> bool:
    return True


def test_the_time_is_the_clouds_and_none_before_it_was_told(bank: Bank) -> None:
    now = cloud_time(bank, lambda: BEGAN)
    assert now() is None
    dated(bank, LATER)
    assert now() == LATER


def test_a_bank_is_idle_until_somebody_waits_for_an_answer(bank: Bank) -> None:
    assert bank.idle(BEGAN)
    bank.on_connected(BEGAN)
    bank._counter.tap(UID, BEGAN, joins=False)
    assert not bank.idle(BEGAN)


async def test_without_a_template_nothing_is_asked_and_that_is_logged(
    bank: Bank, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Certificate(tmp_path, "")
    await kept.keep(bank, nobody_asks, lambda: BEGAN)
    assert (list(kept.topics), "not renewed" in caplog.text) == ([], True)


async def test_a_renewal_that_fails_is_begun_again_and_renews(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(certificate, "FIRST_PAUSE_S", 0)
    root, cloud, asked = tmp_path / "identity", Cloud(), []
    before = enrolled(root, cloud, new_key()).key.read_bytes()
    dated(bank, LATER)
    kept = Certificate(root, TEMPLATE, let_in)

    async def ask(topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(topic)
        if len(asked) == 1:
            raise RuntimeError("a fault of ours")
        return await cloud.ask(topic, question)

    keeping = asyncio.create_task(kept.keep(bank, ask, lambda: BEGAN))
    await until(lambda: read(root).key.read_bytes() != before)
    keeping.cancel()
    assert read(root).template == TEMPLATE
    assert "a fault of ours" in caplog.text
