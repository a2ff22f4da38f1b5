"""Each check says what is well, or what to do."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge import durable
from edge.checks import broker, clock, devices, files, journal, updates
from edge.checks.finding import Finding, Verdict
from edge.drivers.making import cabinet_of
from edge.enrolment.answer import parse
from edge.enrolment.folder import Folder
from edge.enrolment.identity import Identity, read
from edge.enrolment.keys import signing_request
from edge.journal import Journal
from edge.settings.loading import load_bank
from edge.settings.schema import Updates
from edge.updates.slots import RELEASE, Slots
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import plugged
from tests.edge.enrolment.authority import answer
from tests.edge.network import Network
from tests.edge.rig import CONFIG
from tests.edge.updates.releases import PUBLISHER, manifest

NOW = datetime.now(UTC)


def enrolled(folder: Path, *, days: int = 365) -> Identity:
    made = Folder(root=folder, settings=folder.parent / "bank.toml")
    made.accept(parse(answer(signing_request(made.pending_key(), "hq-07"), days=days), "hq-07"))
    return read(folder)


def wrongs(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.verdict is Verdict.WRONG]


def test_files_that_enrolment_wrote_are_well_and_renewed_by_the_bank(tmp_path: Path) -> None:
    enrolled(tmp_path, days=1_000)
    found = list(files.check(tmp_path, "acme-bank", NOW - timedelta(days=36)))
    assert [finding.verdict for finding in found] == [Verdict.WELL, Verdict.WELL]
    assert "valid until" in found[0].text


@pytest.mark.parametrize(
    ("later", "template", "verdict", "said"),
    [
        (-36, "acme-bank", Verdict.WELL, "the bank renews its certificate from"),
        (-29, "acme-bank", Verdict.WELL, "the bank renews its certificate from"),
        (-27, "acme-bank", Verdict.WRONG, "does not come through: journalctl"),
        (-36, None, Verdict.UNKNOWN, "set broker.template, or enrol by claim"),
    ],
)
def test_whether_the_renewal_works_is_said(
    tmp_path: Path, later: int, template: str | None, verdict: Verdict, said: str
) -> None:
    enrolled(tmp_path, days=1_000)
    found = list(files.check(tmp_path, template, NOW + timedelta(days=later)))[-1]
    assert (found.about, found.verdict) == ("renewal", verdict)
    assert said in found.text


def test_a_renewal_that_waits_for_its_first_connection_says_so(tmp_path: Path) -> None:
    enrolled(tmp_path, days=1_000)
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "cert.pem").touch()
    assert "waits for a connection" in list(files.check(tmp_path, "acme-bank", NOW))[-1].text


def test_missing_files_say_how_to_get_them(tmp_path: Path) -> None:
    assert ["toolcrib-bank enrol" in text for text in wrongs(list(files.check(tmp_path, None, NOW)))] == [True]
    enrolled(tmp_path).ca.unlink()
    assert wrongs(list(files.check(tmp_path, None, NOW))) == ["is missing: toolcrib-bank enrol --again"]


@pytest.mark.parametrize(("later", "said"), [(-500, "clock is before"), (340, "enrol again before"), (366, "--again")])
def test_a_certificate_out_of_time_says_so(tmp_path: Path, later: int, said: str) -> None:
    enrolled(tmp_path)
    (text,) = wrongs(list(files.check(tmp_path, None, NOW + timedelta(days=later))))
    assert said in text


def test_a_key_open_to_others_and_one_of_another_certificate_are_found(tmp_path: Path) -> None:
    root = tmp_path / "identity"
    found = enrolled(root)
    found.key.chmod(0o640)
    assert "chmod 600" in wrongs(list(files.check(root, None, NOW)))[0]
    other = enrolled(tmp_path / "other")
    found.key.write_bytes(other.key.read_bytes())
    assert any("another key" in text for text in wrongs(list(files.check(root, None, NOW))))
    found.key.write_text("no PEM")
    assert any("not PEM" in text for text in wrongs(list(files.check(root, None, NOW))))


def test_the_clock_is_well_when_the_network_sets_it(tmp_path: Path) -> None:
    stamp = tmp_path / "synchronized"
    assert clock.check(stamp).verdict is Verdict.UNKNOWN
    stamp.touch()
    assert clock.check(stamp).verdict is Verdict.WELL


def test_a_journal_is_looked_at_without_becoming_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert journal.check(path).text == "is not there yet; the first run makes it"
    assert journal.check(tmp_path / "none" / "journal.db").verdict is Verdict.UNKNOWN
    held = Journal.open(path)
    assert journal.is_held(path)
    assert journal.check(path).text == "is in the hands of the running bank"
    held.close()
    assert not journal.is_held(path)
    assert journal.check(path).text == "is whole, reports waiting: 0"
    again = Journal.open(path)
    assert again.boot == held.boot + 1
    again.close()


@pytest.mark.parametrize("content", [b"not a database at all, and longer than a header", b""])
def test_a_journal_that_is_none_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    found = journal.check(path)
    assert (found.verdict, "move it away" in found.text) == (Verdict.WRONG, True)
    assert not journal.is_held(path)


def test_a_damaged_journal_is_found(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal.open(path).close()
    with sqlite3.connect(path) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    content = bytearray(path.read_bytes())
    content[size : size * (pages - 1)] = b"\xa5" * (size * (pages - 2))
    path.write_bytes(bytes(content))
    assert journal.check(path).verdict is Verdict.WRONG


async def test_devices_and_doors_say_how_they_are(tmp_path: Path) -> None:
    steel = LockBoardSteel()
    steel.closed[2] = False
    async with plugged(tmp_path, steel.answer) as wire:
        file = load_bank(set_up(tmp_path, CONFIG, wire.port))
        found = await devices.check(cabinet_of(file), 5)
    assert [(finding.about, finding.text) for finding in found] == [
        ("device locks", "answers"),
        ("door 1", "is closed"),
        ("door 2", "is open"),
    ]
    assert steel.pulses == []


async def test_devices_that_are_missing_say_why(tmp_path: Path) -> None:
    file = load_bank(set_up(tmp_path, CONFIG, str(tmp_path / "nothing")))
    found = await devices.check(cabinet_of(file), 0.2)
    assert [finding.verdict for finding in found] == [Verdict.WRONG] * 3
    assert "cannot be opened" in found[0].text


def test_a_broker_is_shaken_hands_with(network: Network) -> None:
    async def story() -> None:
        config = network.config()
        assert (await broker.check(config)).verdict is Verdict.WRONG
        async with network.broker():
            found = await broker.check(config)
            assert (found.verdict, found.text) == (Verdict.WELL, "answers, and its certificate holds")

    asyncio.run(story())


def test_a_broker_with_a_foreign_certificate_is_not_trusted(network: Network, tmp_path: Path) -> None:
    async def story() -> None:
        other = Network(type(network.authority)(_made(tmp_path / "other")), network.port)
        async with network.broker():
            found = await broker.check(other.config())
        assert "not trusted" in found.text

    asyncio.run(story())


def test_a_broker_without_a_name_says_so(network: Network) -> None:
    config = type(network.config())(**{**vars(network.config()), "host": "no-such-host.invalid"})
    assert "no such name" in asyncio.run(broker.check(config)).text


def _made(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.fixture
def updated(tmp_path: Path) -> Updates:
    """Settings of a board whose first slot was filled by hand."""
    key = tmp_path / "publisher.pub"
    key.write_bytes(PUBLISHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    slots = Slots(durable.folder(tmp_path / "opt"))
    (slots.root / "a" / "bin").mkdir(parents=True)
    (slots.root / "a" / "bin" / "toolcrib-bank").touch()
    slots.switch("a")
    (tmp_path / "guard.py").write_bytes(Path("edge/updates/guard.py").read_bytes())
    return Updates(keys=(str(key),), root=str(slots.root))


def updates_of(settings: Updates | None, folder: Path) -> list[tuple[Verdict, str]]:
    return [(each.verdict, each.text) for each in updates.check(settings, guard=folder / "guard.py")]


def test_a_board_that_can_be_updated_says_what_runs(updated: Updates, tmp_path: Path) -> None:
    found = updates_of(updated, tmp_path)
    assert [verdict for verdict, _ in found] == [Verdict.WELL, Verdict.WELL]
    assert "signed by nobody" in found[0][1]
    (Path(updated.root) / "a" / RELEASE).write_text(manifest("1.4.0"))
    assert updates_of(updated, tmp_path)[0][1] == "release 1.4.0 runs"
    assert sorted(each.name for each in Path(updated.root).iterdir()) == ["a", "current"]


def test_a_board_without_updates_says_so(tmp_path: Path) -> None:
    ((verdict, text),) = updates_of(None, tmp_path)
    assert (verdict, "by hand" in text) == (Verdict.UNKNOWN, True)


def test_what_keeps_updates_from_working_is_said(
    updated: Updates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = tmp_path / "guard.py"
    guard.write_text("another")
    assert updates_of(updated, tmp_path)[1][0] is Verdict.UNKNOWN
    guard.unlink()
    assert "unit --guard" in updates_of(updated, tmp_path)[1][1]

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(durable, "put", denied)
    assert "cannot write there (Permission denied)" in updates_of(updated, tmp_path)[0][1]
    (Path(updated.root) / "a" / "bin" / "toolcrib-bank").unlink()
    assert "is not there" in updates_of(updated, tmp_path)[0][1]
    Path(updated.keys[0]).unlink()
    assert [verdict for verdict, _ in updates_of(updated, tmp_path)] == [Verdict.WRONG]
