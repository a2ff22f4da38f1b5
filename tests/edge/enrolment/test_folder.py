import stat
from pathlib import Path

import pytest

from edge.enrolment.answer import EnrolmentError, parse
from edge.enrolment.folder import Folder
from edge.enrolment.keypair import read_certificate, signing_request
from edge.settings.loading import load_bank, load_keys
from tests.edge.enrolment.authority import BADGE_KEY, COMMAND_KEY, answer


def enrolled(folder: Folder) -> None:
    given = answer(signing_request(folder.pending_key(), "hq-07"))
    folder.accept(parse(given, "hq-07"), "hq-07")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path / "etc", user="nobody-of-this-name")


def test_an_answer_becomes_files_that_the_controller_reads(folder: Folder) -> None:
    enrolled(folder)
    file, keys = load_bank(folder.settings), load_keys(folder.keys)
    assert (file.bank.org, file.bank.id, file.broker.host, file.broker.port) == ("acme", "hq-07", "broker.example", 443)
    assert (file.files.keys, file.files.journal) == (str(folder.keys), "/var/lib/toolcrib/hq-07.db")
    assert keys.command_keys == {"3": COMMAND_KEY}
    assert [(each.version, each.hex) for each in keys.badge_keys] == [("1", BADGE_KEY)]
    assert read_certificate(folder.certificate, folder.key)


def test_secrets_are_their_owners_alone(folder: Folder) -> None:
    enrolled(folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.path.iterdir()}
    assert modes == {"bank.key": 0o600, "keys.toml": 0o600, "bank.crt": 0o644, "ca.pem": 0o644, "bank.toml": 0o644}


def test_nothing_that_is_there_is_written_over_unasked(folder: Folder) -> None:
    folder.must_be_free(again=False)
    enrolled(folder)
    with pytest.raises(EnrolmentError, match=r"bank\.key, bank\.crt, keys\.toml.*--again"):
        folder.must_be_free(again=False)
    folder.must_be_free(again=True)


def test_enrolling_again_makes_another_key_and_leaves_the_settings_alone(folder: Folder) -> None:
    enrolled(folder)
    key = folder.key.read_bytes()
    folder.settings.write_text("# mine\n")
    enrolled(folder)
    assert folder.key.read_bytes() != key
    assert folder.settings.read_text() == "# mine\n"


def test_a_key_waits_for_its_certificate_over_two_runs(folder: Folder) -> None:
    assert folder.pending_key() == folder.pending_key()


def test_the_certificate_of_another_key_changes_nothing(folder: Folder, tmp_path: Path) -> None:
    other = Folder(path=tmp_path / "other")
    given = answer(signing_request(other.pending_key(), "hq-07"))
    folder.pending_key()
    with pytest.raises(EnrolmentError, match="another key"):
        folder.accept(parse(given, "hq-07"), "hq-07")
    assert sorted(path.name for path in folder.path.iterdir()) == ["bank.key.new"]


def test_an_answer_without_a_key_that_waits_says_where_to_begin(folder: Folder, tmp_path: Path) -> None:
    other = Folder(path=tmp_path / "other")
    given = answer(signing_request(other.pending_key(), "hq-07"))
    with pytest.raises(EnrolmentError, match="begin with --csr"):
        folder.accept(parse(given, "hq-07"), "hq-07")


@pytest.mark.parametrize("given", [b"", b"{}", b"[]", b"\xff", b'{"thing": 1}', COMMAND_KEY.encode()])
def test_what_is_no_answer_is_refused_without_being_repeated(given: bytes) -> None:
    with pytest.raises(EnrolmentError, match="not the answer") as refusal:
        parse(given, "hq-07")
    assert COMMAND_KEY not in str(refusal.value)


def test_another_banks_answer_is_refused(folder: Folder) -> None:
    given = answer(signing_request(folder.pending_key(), "hq-07"), thing="acme:hq-08")
    with pytest.raises(EnrolmentError, match="answer for acme:hq-08, not for hq-07"):
        parse(given, "hq-07")
