"""Updates are followed beside the bank: off where they cannot work, begun again where they fail, never in its way."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge import durable
from edge.bank import Bank
from edge.clock import Now
from edge.enrolment import provisioning
from edge.journal import Journal
from edge.service import updating
from edge.service.updating import Updating
from edge.settings.schema import Updates
from edge.updates.slots import RELEASE, Phase, Slots, Update
from edge.updates.updater import Updater
from tests.edge.enrolment.board import SINCE
from tests.edge.network import until
from tests.edge.rig import CONFIG, UID
from tests.edge.updates.releases import PUBLISHER, manifest

BEGAN = Now(mono_ms=1_000, wall=SINCE)
MOST_FILTERS_IN_ONE = 8  # AWS IoT Core: subscriptions per SUBSCRIBE request


def pem(key: Any) -> bytes:
    written: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return written


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(CONFIG, Journal.open(tmp_path / "journal.db"), started=BEGAN)


@pytest.fixture
def asked(tmp_path: Path) -> Updates:
    """Settings of a board with a slot and a publisher's key."""
    slots = Slots(durable.folder(tmp_path / "opt"))
    slots.cleared("b")
    durable.folder(slots.root / "a")
    slots.switch("a")
    (tmp_path / "publisher.pub").write_bytes(pem(PUBLISHER.public_key()))
    return Updates(keys=(str(tmp_path / "publisher.pub"),), root=str(slots.root))


def slot(asked: Updates, name: str = "a") -> Path:
    return Path(asked.root) / name


async def silent(topic: str, _: Mapping[str, Any]) -> dict[str, Any]:
    raise AssertionError(topic)


async def kept(following: Updating, bank: Bank, ask: Any = silent, restart: Any = None) -> None:
    await following.keep(bank, ask, lambda: BEGAN, devices=frozenset, restart=restart or (lambda: None))


async def test_without_the_table_nothing_is_followed(bank: Bank) -> None:
    following = Updating(None, CONFIG.thing)
    await kept(following, bank)
    following.news()
    assert (list(following.topics), following.named(CONFIG)) == ([], CONFIG)


@pytest.mark.parametrize("content", [None, b"", b"no PEM", pem(generate_private_key(SECP256R1()).public_key())])
def test_a_key_that_cannot_be_used_keeps_no_bank_from_lending(
    bank: Bank, asked: Updates, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(asked.keys[0])
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    following = Updating(asked, CONFIG.thing, slot(asked))
    asyncio.run(kept(following, bank))
    assert (list(following.topics), "no updates" in caplog.text) == ([], True)


@pytest.mark.parametrize("name", ["b", "..", "elsewhere"])
async def test_software_that_is_not_what_systemd_would_start_follows_nothing(
    bank: Bank, asked: Updates, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    following = Updating(asked, CONFIG.thing, slot(asked, name))
    await kept(following, bank)
    assert (list(following.topics), "no updates: this runs from" in caplog.text) == ([], True)


def test_the_slot_is_found_by_whatever_way_it_was_started(asked: Updates) -> None:
    assert Updating(asked, CONFIG.thing, slot(asked, "current")).topics


def test_status_names_the_release_that_was_signed(asked: Updates) -> None:
    following = Updating(asked, CONFIG.thing, slot(asked))
    assert following.named(CONFIG).firmware == f"{CONFIG.firmware} (unsigned)"
    durable.put(slot(asked) / RELEASE, manifest("1.4.0").encode())
    assert following.named(CONFIG).firmware == "toolcrib-edge 1.4.0"


def test_jobs_and_certificates_are_subscribed_to_at_once(asked: Updates) -> None:
    following = Updating(asked, CONFIG.thing, slot(asked))
    filters = [*following.topics, *provisioning.topics("acme-bank")]
    assert len(filters) <= MOST_FILTERS_IN_ONE
    assert all(each.startswith("$aws/") for each in filters)


async def test_only_news_of_a_job_is_news(asked: Updates, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(Updater, "news", lambda _: looks.append("soon"))
    following = Updating(asked, CONFIG.thing, slot(asked))
    following.heard("$aws/things/acme:hq-01/jobs/notify-next", b"{}")
    assert looks == [], "nobody follows yet"
    keeping = asyncio.create_task(kept(following, bank, ask=nothing_next))
    await until(lambda: following._updater)
    following.heard("$aws/things/acme:hq-01/jobs/j-1/update/accepted", b"{}")
    assert looks == []
    following.heard("$aws/things/acme:hq-01/jobs/notify-next", b"{}")
    following.news()
    assert len(looks) == 2
    keeping.cancel()


async def nothing_next(topic: str, _: Mapping[str, Any]) -> dict[str, Any]:
    assert topic.endswith("$next/get")
    return {}


async def test_what_fails_in_it_is_logged_and_begun_again(
    asked: Updates, bank: Bank, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(updating, "FIRST_PAUSE_S", 0)
    fails, looked = iter([True, True]), asyncio.Event()

    async def ask(topic: str, _: Mapping[str, Any]) -> dict[str, Any]:
        if next(fails, False):
            raise RuntimeError("a fault of ours")
        looked.set()
        return {}

    keeping = asyncio.create_task(kept(Updating(asked, CONFIG.thing, slot(asked)), bank, ask=ask))
    await looked.wait()
    assert "a fault of ours" in caplog.text
    keeping.cancel()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for each time that the updater looked."""
    looked: list[None] = []
    whole = Updater.look

    async def look(updater: Updater) -> None:
        await whole(updater)
        looked.append(None)

    monkeypatch.setattr(Updater, "look", look)
    return looked


def ready(asked: Updates) -> Slots:
    slots = Slots(Path(asked.root))
    slots.note(Update(job="j", phase=Phase.READY, version="1.1", source="a", target="b"))
    return slots


@pytest.mark.parametrize("case", ["away", "somebody waits", "nobody"])
async def test_another_slot_is_started_only_when_connected_and_nobody_stands_there(
    asked: Updates, bank: Bank, case: str, looks: list[None]
) -> None:
    slots, restarted = ready(asked), asyncio.Event()
    if case != "away":
        bank.on_connected(BEGAN)
    if case == "somebody waits":
        bank._counter.tap(UID, BEGAN, joins=False)
    keeping = asyncio.create_task(kept(Updating(asked, CONFIG.thing, slot(asked)), bank, restart=restarted.set))
    await until(lambda: looks)
    assert (slots.current, restarted.is_set()) == (("b", True) if case == "nobody" else ("a", False))
    keeping.cancel()


@pytest.mark.parametrize("connected", [True, False])
async def test_software_on_trial_works_once_it_is_connected(
    asked: Updates, bank: Bank, connected: bool, looks: list[None]
) -> None:
    slots = Slots(Path(asked.root))
    slots.switch("b")
    slots.note(Update(job="j", phase=Phase.TRIAL, version="1.1", source="a", target="b"))
    told: list[str] = []

    async def ask(topic: str, said: Mapping[str, Any]) -> dict[str, Any]:
        told.append(said["status"])
        return {}

    if connected:
        bank.on_connected(BEGAN)
    following = Updating(asked, CONFIG.thing, slot(asked, "b"))
    keeping = asyncio.create_task(kept(following, bank, ask=ask))
    await until(lambda: len(looks) == 1 + connected)
    assert told == (["SUCCEEDED"] if connected else [])
    assert (slots.update is None) == connected
    keeping.cancel()


def test_the_key_on_the_board_is_the_publishers(asked: Updates) -> None:
    keys = Updating(asked, CONFIG.thing, slot(asked))._keys
    assert [(name, isinstance(key, Ed25519PublicKey)) for name, key in keys.items()] == [("publisher", True)]
