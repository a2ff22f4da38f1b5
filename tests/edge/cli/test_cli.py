"""The `toolcrib-bank` command, as a technician meets it."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from edge import fleet
from edge.cli import serving
from edge.cli.main import VERBS, app
from edge.cli.readers import described
from edge.enrolment import claim
from edge.journal import Journal, JournalError
from edge.settings.loading import load_bank, load_identity
from edge.stack import load_stack
from tests.edge.board import set_up
from tests.edge.enrolment.authority import COMMAND_KEY, answer
from tests.edge.enrolment.board import CLAIM, Cloud
from tests.edge.rig import BADGE_KEY, CONFIG, UID


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=given)


def bank(folder: Path) -> Path:
    return set_up(folder, CONFIG, str(folder / "ttyS0"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_a_word_that_is_no_verb_is_refused() -> None:
    assert run("open").exit_code == 2


@pytest.mark.parametrize("verb", ["run", "readers"])
def test_settings_that_cannot_be_used_end_with_78_and_are_explained(verb: str, tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text("[bank]\nid = 7\n")
    result = run(verb, "--config", str(tmp_path / "bank.toml"))
    assert result.exit_code == 78
    assert "bank.id: found 7" in result.output


def test_a_bank_that_is_not_enrolled_does_not_run(tmp_path: Path) -> None:
    settings = bank(tmp_path)
    (tmp_path / "identity" / "current").unlink()
    result = run("run", "--config", str(settings))
    assert (result.exit_code, "toolcrib-bank enrol" in result.output) == (78, True)


def test_a_board_without_a_network_is_enrolled_by_hand(tmp_path: Path) -> None:
    config = ("--config", str(tmp_path / "bank.toml"), "--identity", str(tmp_path / "identity"))
    csr = run("enrol", "hq-07", "--csr", *config).stdout
    assert csr.startswith("-----BEGIN CERTIFICATE REQUEST-----")
    result = run("enrol", "hq-07", "--answer", "-", *config, given=answer(csr).decode())
    assert result.exit_code == 0, result.output
    assert "toolcrib-bank check" in result.output
    assert COMMAND_KEY not in result.output
    assert run("enrol", "hq-07", "--csr", *config).exit_code == 1
    assert run("enrol", "hq-07", "--csr", "--again", *config).exit_code == 0


def test_a_board_asks_the_api_itself_with_a_token_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []

    def ask(api: str, token: str, name: str, csr: str) -> bytes:
        asked.append((api, token, name))
        return answer(csr)

    monkeypatch.setattr("edge.cli.enrol.ask", ask)
    (tmp_path / "token").write_text("t0ken\n")
    result = run(
        "enrol",
        "hq-07",
        "--api",
        "https://api.example",
        "--token",
        str(tmp_path / "token"),
        "--config",
        str(tmp_path / "bank.toml"),
        "--identity",
        str(tmp_path / "identity"),
    )
    assert result.exit_code == 0, result.output
    assert asked == [("https://api.example", "t0ken", "hq-07")]
    assert "t0ken" not in result.output


@pytest.mark.parametrize(
    "how", [(), ("--csr", "--api", "https://api.example"), ("--csr", "--answer", "x"), ("--claim", "x", "--csr")]
)
def test_enrolling_needs_one_way_to_do_it(how: tuple[str, ...], tmp_path: Path) -> None:
    result = run("enrol", "hq-07", *how, "--config", str(tmp_path / "bank.toml"), "--identity", str(tmp_path))
    assert (result.exit_code, "say how" in result.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("enrol", "hq-07", "--answer", str(tmp_path / "no"), "--identity", str(tmp_path / "identity"))
    assert (result.exit_code, "No such file" in result.output) == (1, True)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud()

    @asynccontextmanager
    async def connected(_: Any) -> AsyncIterator[Cloud]:
        yield cloud

    monkeypatch.setattr(claim, "_connected", connected)
    monkeypatch.setattr("edge.cli.enrol._enrolled.retry.sleep", lambda _: setattr(cloud, "refuses", None))
    return cloud


def by_claim(folder: Path, *more: str, bank: str = "hq-01", token: str = CLAIM.token) -> Result:
    (folder / "claim.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(CLAIM, token=token)))
    places = ("--config", str(folder / "bank.toml"), "--identity", str(folder / "identity"))
    return run("enrol", bank, "--claim", str(folder / "claim.json"), *places, *more)


@pytest.mark.parametrize("refuses", [None, "InternalFailure"], ids=["at once", "after a pause"])
def test_a_board_is_enrolled_by_a_claim_and_knows_how_to_renew(
    tmp_path: Path, cloud: Cloud, refuses: str | None
) -> None:
    cloud.refuses = refuses
    result = by_claim(tmp_path)
    assert result.exit_code == 0, result.output
    who = load_identity(load_bank(tmp_path / "bank.toml"))
    assert (who.keys.thing, who.template) == (CLAIM.thing, CLAIM.template)
    assert CLAIM.token not in result.output


def test_the_same_claim_may_be_given_again_and_another_only_when_asked(tmp_path: Path, cloud: Cloud) -> None:
    assert [by_claim(tmp_path).exit_code, by_claim(tmp_path).exit_code] == [0, 0]
    assert by_claim(tmp_path, token="u" * 43).exit_code == 1
    assert len(cloud.let_in) == 1
    assert by_claim(tmp_path, "--again", token="u" * 43).exit_code == 0
    assert len(cloud.let_in) == 2


def test_a_claim_that_is_over_is_not_tried_again(tmp_path: Path, cloud: Cloud) -> None:
    cloud.refuses = "AccessDenied"
    result = by_claim(tmp_path)
    assert (result.exit_code, "Ask for a new claim" in result.output, len(cloud.said)) == (1, True, 1)


def test_the_claim_of_another_bank_is_refused(tmp_path: Path, cloud: Cloud) -> None:
    result = by_claim(tmp_path, bank="hq-02")
    assert (result.exit_code, "claim for acme:hq-01, not for hq-02" in result.output, cloud.said) == (1, True, [])


def test_check_says_everything_that_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    result = run("check", "--offline", "--config", str(bank(tmp_path)))
    assert result.exit_code == 1
    assert "✓ " + str(tmp_path / "bank.toml") in result.output
    assert "is missing: toolcrib-bank enrol" in result.output
    assert "✗ device locks" in result.output


def test_check_of_an_enrolled_board_without_its_devices_is_well(tmp_path: Path) -> None:
    config = ("--config", str(tmp_path / "bank.toml"), "--identity", str(tmp_path / "identity"))
    run(
        "enrol",
        "hq-07",
        "--answer",
        "-",
        *config,
        given=answer(run("enrol", "hq-07", "--csr", *config).stdout).decode(),
    )
    result = run("check", "--offline", "--no-devices", *config[:2])
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output


def test_check_of_settings_that_cannot_be_used_ends_with_78(tmp_path: Path) -> None:
    assert run("check", "--config", str(tmp_path / "none.toml")).exit_code == 78


@pytest.mark.parametrize("verb", [("doors", "list"), ("doors", "watch"), ("doors", "test", "1"), ("readers",)])
def test_what_needs_the_devices_is_refused_while_the_bank_runs(verb: tuple[str, ...], tmp_path: Path) -> None:
    settings = bank(tmp_path)
    held = Journal.open(tmp_path / "hq-01.db")
    result = run(*verb, "--config", str(settings), given="open 1\n")
    held.close()
    assert (result.exit_code, "systemctl stop toolcrib-bank" in result.output) == (1, True)


def test_check_leaves_the_devices_to_the_running_bank(tmp_path: Path) -> None:
    settings = bank(tmp_path)
    held = Journal.open(tmp_path / "hq-01.db")
    result = run("check", "--offline", "--config", str(settings))
    held.close()
    assert "? devices: are in the hands of the running bank" in result.output


@pytest.mark.parametrize("typed", ["", "yes", "open", "open 2", "OPEN 1"])
def test_a_lock_is_not_tested_without_the_right_words(typed: str, tmp_path: Path) -> None:
    result = run("doors", "test", "1", "--config", str(bank(tmp_path)), given=f"{typed}\n")
    assert result.exit_code == 1
    assert not (tmp_path / "hq-01.db").exists()


def test_a_door_that_there_is_not_is_not_tested(tmp_path: Path) -> None:
    result = run("doors", "test", "3", "--config", str(bank(tmp_path)), given="open 3\n")
    assert (result.exit_code, "there is no door 3" in result.output) == (1, True)


def test_a_bank_without_a_reader_shows_no_cards(tmp_path: Path) -> None:
    result = run("readers", "--config", str(bank(tmp_path)))
    assert (result.exit_code, "names no badge reader" in result.output) == (1, True)


def test_a_card_is_shown_by_its_token_and_by_its_number_only_when_asked() -> None:
    shown = described(UID, (BADGE_KEY,), number=False)
    assert shown == "a card of 7 bytes, 1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"
    assert described(UID, (BADGE_KEY,), number=True) == f"{shown}, number {UID} (format hex)"
    assert "not enrolled" in described(UID, (), number=False)
    assert "does not fit" in described("", (BADGE_KEY,), number=True)


def test_simulating_a_settings_file_goes_on_with_its_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []

    async def serve(*arguments: Any) -> None:
        served.append(arguments)

    monkeypatch.setattr(fleet, "serve", serve)
    result = run("simulate", "--config", str(bank(tmp_path)), "--port", "8099")
    assert result.exit_code == 0, result.output
    ((stack, port, state),) = served
    assert (port, state) == (8099, tmp_path)
    assert load_stack(stack).banks["hq-01"].thing == "acme:hq-01"
    assert stack.stat().st_mode & 0o077 == 0


def test_simulating_under_a_real_name_with_another_journal_is_refused(tmp_path: Path) -> None:
    settings = bank(tmp_path)
    settings.write_text(settings.read_text().replace("hq-01.db", "journal.db"))
    result = run("simulate", "--config", str(settings))
    assert (result.exit_code, "name it hq-01.db" in result.output) == (1, True)


def test_simulating_without_a_stack_says_how_to_get_one(tmp_path: Path) -> None:
    result = run("simulate", "--stack", str(tmp_path / "stack.json"))
    assert (result.exit_code, "make up" in result.output) == (1, True)


def test_the_unit_that_comes_with_this_version_is_printed() -> None:
    assert run("unit").stdout == Path("edge/systemd/toolcrib-bank.service").read_text()


def test_what_runs_is_the_same_process_without_what_reads_a_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _path, words: became.append(words))
    settings = bank(tmp_path)
    assert run("run", "--config", str(settings)).exit_code == 0
    assert became == [[sys.executable, "-P", "-m", "edge.cli.serving", str(settings)]]


def test_what_goes_wrong_after_that_ends_with_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(*_: object) -> None:
        raise JournalError("the journal is of a later version")

    monkeypatch.setattr(serving, "serve", fails)
    assert serving.main(bank(tmp_path)) == 1
    assert serving.main(tmp_path / "none.toml") == 78
    assert "the journal is of a later version\n" in capsys.readouterr().err


def test_what_nobody_expected_shows_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(serving, "serve", fails)
    with pytest.raises(ZeroDivisionError):
        serving.main(bank(tmp_path))


def test_the_guard_that_comes_with_this_version_is_printed() -> None:
    assert run("unit", "--guard").stdout == Path("edge/updates/guard.py").read_text()
