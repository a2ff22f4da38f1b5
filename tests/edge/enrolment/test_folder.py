import stat
from pathlib import Path

import pytest

from edge.enrolment import identity
from edge.enrolment.answer import EnrolmentError, parse
from edge.enrolment.folder import Folder
from edge.enrolment.keys import fits, signing_request
from edge.settings.loading import badge_keys, bank_config, load_bank, load_identity
from tests.edge.enrolment.authority import BADGE_KEY, COMMAND_KEY, answer


def enrolled(folder: Folder) -> None:
    given = answer(signing_request(folder.pending_key(), "hq-07"))
    folder.accept(parse(given, "hq-07"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(root=tmp_path / "lib" / "identity", settings=tmp_path / "etc" / "bank.toml")


def test_an_answer_becomes_files_that_the_controller_reads(folder: Folder) -> None:
    enrolled(folder)
    file = load_bank(folder.settings)
    who = load_identity(file)
    assert (file.bank.org, file.bank.id, file.broker.host, file.broker.port) == ("acme", "hq-07", "broker.example", 443)
    assert (file.files.identity, file.files.journal) == (str(folder.root), str(folder.root.parent / "hq-07.db"))
    assert bank_config(file, who).command_keys == {"3": bytes.fromhex(COMMAND_KEY)}
    assert [(each.version, each.key.hex()) for each in badge_keys(who)] == [("1", BADGE_KEY)]
    assert fits(who.key.read_bytes(), who.cert.read_text())


def test_secrets_are_their_owners_alone_and_settings_are_for_everybody(folder: Folder) -> None:
    enrolled(folder)
    place = (folder.root / identity.CURRENT).resolve()
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder.root, place, folder.settings)] == [
        0o700,
        0o700,
        0o644,
    ]


def test_nothing_that_is_there_is_written_over_unasked(folder: Folder) -> None:
    folder.must_be_free(again=False)
    enrolled(folder)
    with pytest.raises(EnrolmentError, match=r"this board is enrolled.*--again"):
        folder.must_be_free(again=False)
    folder.must_be_free(again=True)


def test_enrolling_again_makes_another_key_and_leaves_the_settings_alone(folder: Folder) -> None:
    enrolled(folder)
    key = identity.read(folder.root).key.read_bytes()
    folder.settings.write_text("# mine\n")
    enrolled(folder)
    assert identity.read(folder.root).key.read_bytes() != key
    assert folder.settings.read_text() == "# mine\n"


def test_a_key_waits_for_its_certificate_over_two_runs(folder: Folder) -> None:
    assert folder.pending_key() == folder.pending_key()


def test_the_certificate_of_another_key_changes_nothing(folder: Folder, tmp_path: Path) -> None:
    other = Folder(root=tmp_path / "other", settings=tmp_path / "other.toml")
    given = answer(signing_request(other.pending_key(), "hq-07"))
    folder.pending_key()
    with pytest.raises(EnrolmentError, match="another key"):
        folder.accept(parse(given, "hq-07"))
    assert [path.name for path in folder.root.iterdir()] == [identity.NEXT]


def test_an_answer_without_a_key_that_waits_says_where_to_begin(folder: Folder, tmp_path: Path) -> None:
    other = Folder(root=tmp_path / "other", settings=tmp_path / "other.toml")
    given = answer(signing_request(other.pending_key(), "hq-07"))
    with pytest.raises(EnrolmentError, match="begin with --csr"):
        folder.accept(parse(given, "hq-07"))


@pytest.mark.parametrize("given", [b"", b"{}", b"[]", b"\xff", b'{"thing": 1}', COMMAND_KEY.encode()])
def test_what_is_no_answer_is_refused_without_being_repeated(given: bytes) -> None:
    with pytest.raises(EnrolmentError, match="not the answer") as refusal:
        parse(given, "hq-07")
    assert COMMAND_KEY not in str(refusal.value)


def test_another_banks_answer_is_refused(folder: Folder) -> None:
    given = answer(signing_request(folder.pending_key(), "hq-07"), thing="acme:hq-08")
    with pytest.raises(EnrolmentError, match="answer for acme:hq-08, not for hq-07"):
        parse(given, "hq-07")
