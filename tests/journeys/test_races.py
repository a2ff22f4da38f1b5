"""Who wants the same thing at the same moment: one gets it, all are answered. The long form is `make prove`."""

import pytest

from tests.journeys.asking import toolcrib
from tests.journeys.corner import Corner
from tests.proof.races.guessing import GuessingPins
from tests.proof.races.last_one import LastOne
from tests.proof.races.race import Race
from tests.proof.races.remote import ReturnOrRemote
from tests.proof.races.renewing import RenewOrRecall
from tests.proof.races.revoking import TakeOrFrozenPerson, TakeOrRevokedBadge
from tests.proof.races.two_returns import TwoReturns

pytestmark = [pytest.mark.journey, pytest.mark.race]

CONTENDERS, ROUNDS = 8, 40
A_FEW = 4


def test_of_eight_who_want_the_last_laptop_one_gets_it_and_all_are_answered(corner: Corner) -> None:
    _run(LastOne(corner=corner, contenders=CONTENDERS), ROUNDS)


def test_a_door_is_opened_for_a_return_or_from_afar_never_for_both(corner: Corner) -> None:
    _run(ReturnOrRemote(corner=corner), A_FEW)


def test_of_two_who_bring_something_back_to_one_door_one_is_let_in(corner: Corner) -> None:
    _run(TwoReturns(corner=corner), A_FEW)


def test_a_badge_opens_nothing_once_it_is_revoked(corner: Corner) -> None:
    _run(TakeOrRevokedBadge(corner=corner), A_FEW)


def test_a_person_takes_nothing_once_they_are_frozen(corner: Corner) -> None:
    _run(TakeOrFrozenPerson(corner=corner), A_FEW)


def test_of_many_guesses_at_a_pin_at_once_five_are_looked_at(corner: Corner) -> None:
    _run(GuessingPins(corner=corner), 1)


def test_a_renewal_counts_if_it_was_before_the_recall_and_the_recall_always_does(corner: Corner) -> None:
    _run(RenewOrRecall(corner=corner), A_FEW)


def _run(race: Race, rounds: int) -> None:
    for _ in range(rounds):
        race.round()
    race.finish()
    assert race.won.total() == rounds
    toolcrib(race.corner.home, "verify")
