"""Deciding again after a lost race: a few times, then the loser is told."""

import pytest

from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import ATTEMPTS, until_committed


@pytest.mark.parametrize("races", range(ATTEMPTS))
def test_what_lost_a_few_races_is_decided_again_and_succeeds(races: int) -> None:
    outcomes: list[Exception | str] = [*[LostRace()] * races, "done"]

    def once() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert until_committed(once) == "done"
    assert outcomes == []


def test_who_loses_every_time_is_told_after_a_bounded_number_of_tries() -> None:
    tried = []

    def once() -> None:
        tried.append(None)
        raise LostRace

    with pytest.raises(LostRace):
        until_committed(once)
    assert len(tried) == ATTEMPTS


def test_any_other_refusal_ends_it_at_once() -> None:
    tried = []

    def once() -> None:
        tried.append(None)
        raise KeyError

    with pytest.raises(KeyError):
        until_committed(once)
    assert len(tried) == 1
