"""Eight people tap for the last laptop at the same moment, a hundred times over."""

from collections.abc import Iterable

import pytest

from tests.journeys.asking import eventually, toolcrib
from tests.journeys.corner import Corner, Person
from tests.journeys.sight import Thing
from tests.support.player import AGAIN_AFTER_S, ANSWERS, Message, Player, SilenceError

pytestmark = [pytest.mark.journey, pytest.mark.race]

CONTENDERS, ROUNDS = 8, 100
LOST = {"door_busy", "nothing_available"}


def test_of_eight_who_want_the_last_laptop_one_gets_it_and_all_are_answered(corner: Corner) -> None:
    bank = corner.bank("tags", "express", doors=1)
    people = [corner.person(f"contender-{number}") for number in range(CONTENDERS)]
    eventually(lambda: all(said == "nothing_available" for said in _codes(_all_tap(bank, people))))
    laptop = corner.thing("laptop", bank, door=1)

    winners = [_round(bank, people, laptop) for _ in range(ROUNDS)]

    assert corner.moves(laptop) == ["create", "stow", *["taken", "returned"] * ROUNDS]
    assert len(set(winners)) == ROUNDS
    assert {corner.loan(loan)["state"] for loan in winners} == {"closed"}
    toolcrib(corner.home, "verify")


def _round(bank: Player, people: list[Person], laptop: Thing) -> str:
    """Let all tap at once, and the winner take it and bring it back; return the loan's id."""
    answers = _all_tap(bank, people)
    won = [number for number, (kind, _) in enumerate(answers) if kind == "open"]
    assert len(won) == 1, answers
    lost = _codes(answer for number, answer in enumerate(answers) if number not in won)
    assert set(lost) <= LOST, lost
    taking = bank.command(*answers[won[0]])
    assert taking["purpose"] == "take"
    assert bank.shuts(taking, inside=[]) == "taken"
    returning = bank.opens(people[won[0]].token)
    assert returning["purpose"] == "return"
    assert bank.shuts(returning, inside=[laptop.tag]) == "returned"
    return str(taking["jti"])


def _all_tap(bank: Player, people: list[Person]) -> list[tuple[str, Message]]:
    """Return everybody's answer, in their order; who gets none in time taps again, as people do."""
    tapped = [bank.publish_tap(person.token) for person in people]
    return [_answer(bank, person, tap) for person, tap in zip(people, tapped, strict=True)]


def _answer(bank: Player, person: Person, tap: str) -> tuple[str, Message]:
    try:
        return bank.wait(ANSWERS, [tap], patience_s=AGAIN_AFTER_S)
    except SilenceError:
        return bank.tap(person.token)


def _codes(answers: Iterable[tuple[str, Message]]) -> list[str]:
    return [said.get("code", kind) for kind, said in answers]
