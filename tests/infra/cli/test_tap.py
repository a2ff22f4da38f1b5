"""`toolcrib tap`: what it asks of the simulated bank, and what it tells the person at the terminal."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.cli.verbs import tap
from infra.local.changes import Changed
from infra.local.home import Home
from tests.support import loans

SILENT: dict[str, Any] = {
    "answer": "none",
    "person": "",
    "options": [],
    "refusals": [],
    "picked": None,
    "notices": [],
    "door": None,
    "grant": None,
    "outcome": None,
    "tags": None,
    "present": None,
    "rejected": None,
    "acknowledged": False,
}
OPTIONS = [
    {"option": "take:laptop", "title": "Laptop", "door": 3, "due_at": "2026-11-24T09:00:00Z", "note": None},
    {"option": "take:camera", "title": "Thermal camera", "door": 9, "due_at": None, "note": "last one"},
]
OFFERED = {**SILENT, "answer": "session", "person": "Lena", "options": OPTIONS}
TAKEN = {**SILENT, "answer": "open", "door": 3, "grant": "g-1", "outcome": "closed", "tags": [], "acknowledged": True}


class Bank:
    """A panel that answers each tap with the next of `visits` and remembers what was asked."""

    def __init__(self, *visits: dict[str, Any]) -> None:
        self.visits, self.asked = list(visits), list[tuple[str, str, Any]]()
        self.ready: list[dict[str, Any]] = []

    def tap(self, bank: str, uid: str, *, option: Any = None, **ready: Any) -> dict[str, Any]:
        self.ready.append(ready)
        self.asked.append((bank, uid, option))
        return self.visits.pop(0)


class Nothing:
    def __init__(self, *_: Any) -> None: ...

    def read(self) -> list[Changed]:
        return []


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, stack: Home) -> Callable[..., Bank]:
    def bank(*visits: dict[str, Any]) -> Bank:
        made = Bank(*visits)
        monkeypatch.setattr(tap, "Panel", lambda _: made)
        monkeypatch.setattr(tap, "Changes", Nothing)
        return made

    return bank


def test_the_first_option_is_taken_unless_told(toolcrib: Callable[..., Any], play: Callable[..., Bank]) -> None:
    bank = play({**OFFERED, **TAKEN, "options": OPTIONS, "picked": "take:laptop"})
    result = toolcrib("tap", "hq-01", "04a2246b1f9080")
    assert result.exit_code == 0
    assert bank.asked == [("hq-01", "04A2246B1F9080", None)]
    assert "Picked 1: Laptop" in result.output
    assert "Door 3 opened and closed again. The reader sees 0 tags inside." in result.output


def test_options_are_numbered_from_one_with_door_and_due_time(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    play({**OFFERED, **TAKEN, "options": OPTIONS})
    said = toolcrib("tap", "hq-01", "04A2246B1F9080").output
    lines = [line.split() for line in said.splitlines()]
    assert any(line[:3] == ["1", "Laptop", "3"] for line in lines)
    assert any(line[:2] == ["2", "Thermal"] and "(last one)" in " ".join(line) for line in lines)


def test_another_option_is_picked_by_its_number_once_its_name_is_known(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    bank = play(OFFERED, {**TAKEN, "options": OPTIONS, "door": 9})
    result = toolcrib("tap", "hq-01", "04A2246B1F9080", "--option", "2")
    assert [asked[2] for asked in bank.asked] == [tap.NO_OPTION, "take:camera"]
    assert "Picked 2: Thermal camera" in result.output


def test_others_who_stand_by_are_named_by_their_badges(toolcrib: Callable[..., Any], play: Callable[..., Bank]) -> None:
    bank = play({**OFFERED, **TAKEN, "options": OPTIONS})
    assert toolcrib("tap", "hq-01", "04A2246B1F9080", "--with", "0a:1b:2c", "--with", "DEADBEEF").exit_code == 0
    assert bank.ready == [{"others": ["0A1B2C", "DEADBEEF"]}]


def test_the_person_knows_the_pins_that_the_command_is_given(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    asks = {**OPTIONS[0], "needs": ["pin", "new_pin"]}
    bank = play({**OFFERED, **TAKEN, "options": [asks]})
    result = toolcrib("tap", "hq-01", "04A2246B1F9080", "--pin", "8305", "--new-pin", "7294")
    assert bank.ready == [{"pin": "8305", "new_pin": "7294"}]
    assert "needs pin, new pin" in result.output
    assert "8305" not in result.output


def test_a_number_beyond_the_options_is_refused_and_nothing_is_picked(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    bank = play(OFFERED)
    result = toolcrib("tap", "hq-01", "04A2246B1F9080", "--option", "3")
    assert (result.exit_code, len(bank.asked)) == (1, 1)
    assert "There are options 1 to 2, no 3." in result.output


def test_a_door_that_opens_without_a_question_needs_no_second_tap(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    bank = play(TAKEN)
    assert toolcrib("tap", "hq-01", "04A2246B1F9080", "--option", "1").exit_code == 0
    assert len(bank.asked) == 1


def test_a_refusal_is_told_in_its_own_words(toolcrib: Callable[..., Any], play: Callable[..., Bank]) -> None:
    notice = {"level": "warn", "code": "allowance_reached", "text": "You have 1 of 1 [laptops]."}
    refused = {"code": "no_access", "title": "Radio", "text": "Your groups do not cover it."}
    play({**SILENT, "answer": "notice", "notices": [notice], "refusals": [refused]})
    result = toolcrib("tap", "hq-01", "04A2246B1F9080")
    assert result.exit_code == 0
    assert "You have 1 of 1 [laptops]. (allowance reached)" in result.output
    assert "not now: Radio: Your groups do not cover it. (no access)" in result.output


@pytest.mark.parametrize(("answer", "said"), [("none", "got no answer"), ("offline", "has no connection")])
def test_silence_is_an_error(answer: str, said: str, toolcrib: Callable[..., Any], play: Callable[..., Bank]) -> None:
    play(*[{**SILENT, "answer": answer}] * tap.TAPS)
    result = toolcrib("tap", "hq-01", "04A2246B1F9080")
    assert result.exit_code == 1
    assert f"hq-01 {said}" in result.output


def test_where_no_answer_comes_the_badge_is_tapped_again(
    toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    bank = play({**SILENT, "answer": "none"}, TAKEN)
    result = toolcrib("tap", "hq-01", "04A2246B1F9080")
    assert (result.exit_code, len(bank.asked)) == (0, 2)
    assert "No answer came; tapping again." in result.output


def test_what_was_committed_for_this_visit_is_told_and_nobody_elses(
    toolcrib: Callable[..., Any], play: Callable[..., Bank], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    mine, others = loans.taken(id="g-1", asset="laptop-01"), loans.taken(id="g-2", asset="radio-01")
    found = [Changed(at=at, before=None, after=loan) for loan in (mine, others)]
    play(TAKEN)
    monkeypatch.setattr(Nothing, "read", lambda _: found)
    said = toolcrib("tap", "hq-01", "04A2246B1F9080").output
    assert "has taken laptop-01 from hq-01 door 1, due" in said
    assert "radio-01" not in said


@pytest.mark.parametrize("uid", ["", "04A2", "04A2246B1F908", "lena", "04A2246B1F9080FF"])
def test_what_no_reader_yields_is_no_badge(uid: str, toolcrib: Callable[..., Any], play: Callable[..., Bank]) -> None:
    bank = play()
    assert toolcrib("tap", "hq-01", uid).exit_code == 2
    assert not bank.asked


@pytest.mark.parametrize(
    ("bank", "said"), [("hq-77", "no bank hq-77. There are: hq-01, hq-09."), ("hq-09", "bank simulate hq-09")]
)
def test_a_bank_that_is_not_simulated_here_cannot_be_tapped(
    bank: str, said: str, toolcrib: Callable[..., Any], play: Callable[..., Bank]
) -> None:
    panel = play()
    result = toolcrib("tap", bank, "04A2246B1F9080")
    assert result.exit_code == 1
    assert said in result.output
    assert not panel.asked
