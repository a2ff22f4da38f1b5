"""The checker is right: on histories that a person can judge, and on small ones against trying every order."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest

from tests.proof.linearizable import made_up
from tests.proof.linearizable.checker import Operation, check
from tests.proof.linearizable.custody import (
    Call,
    Custody,
    Granted,
    MaybeGranted,
    MaybeStated,
    NotOffered,
    Place,
    Refused,
    Returned,
    Saw,
    Shut,
    Stated,
    judged,
    step,
    stowed,
    with_person,
)
from tests.proof.linearizable.planting import PLANTS

HERE = stowed("hq-01", 1)
START = Custody(HERE)
STORE = Place("stored", "site", "hq")
ANNA, BEN = with_person("anna"), with_person("ben")
GRANTED = Granted("a", "anna", "hq-01", until=30, answered=1)
ALSO = Granted("b", "ben", "hq-01", until=30, answered=2)
TAKEN = Shut("a", gone=True)
SMALL, OPERATIONS = 1000, 6


def of(*spans: tuple[int, int | None, Call]) -> list[Operation[Call]]:
    return [Operation(client="c", call=call, began=began, ended=ended) for began, ended, call in spans]


LEGAL = {
    "nothing at all": of(),
    "one after the other": of((1, 2, Saw(HERE)), (3, 4, GRANTED), (5, 6, TAKEN), (7, 8, Saw(ANNA))),
    "a reading during the change sees it": of((1, 2, GRANTED), (3, 9, TAKEN), (4, 5, Saw(ANNA))),
    "or does not see it": of((1, 2, GRANTED), (3, 9, TAKEN), (4, 5, Saw(HERE))),
    "or two see it one after the other": of(
        (1, 2, GRANTED), (3, 9, TAKEN), (4, 5, Saw(HERE)), (5, 6, Saw(ANNA)), (7, 8, Saw(ANNA))
    ),
    "the loser asked while the winner held it": of((1, 4, GRANTED), (2, 3, NotOffered("hq-01"))),
    "the loser was told before the winner": of((1, 9, GRANTED), (2, 3, NotOffered("hq-01")), (4, 5, Saw(HERE))),
    "nothing in a bank that never had it": of((1, 2, NotOffered("hq-02"))),
    "granted again when the first let it lie": of((1, 2, GRANTED), (3, 4, Shut("a", gone=False)), (5, 6, ALSO)),
    "granted again when the first is past its time": of(
        (1, 2, GRANTED), (3, 4, Granted("b", "ben", "hq-01", until=90, answered=31))
    ),
    "signed again": of((1, 2, GRANTED), (3, 4, Granted("a", "anna", "hq-01", until=33, answered=3, again=True))),
    "an unknown tap was granted": of((1, None, MaybeGranted(GRANTED)), (3, 4, TAKEN)),
    "an unknown tap was not granted": of((1, None, MaybeGranted(GRANTED)), (3, 4, ALSO)),
    "an unknown tap was granted much later": of(
        (1, None, MaybeGranted(GRANTED)), (3, 4, ALSO), (5, 6, Shut("b", gone=False)), (7, 8, NotOffered("hq-01"))
    ),
    "an unknown statement shows much later": of(
        (1, None, MaybeStated("unstow", 1, "hq")), (2, 3, Saw(HERE)), (4, 5, Saw(STORE))
    ),
    "refused while locked": of((1, 2, GRANTED), (3, 4, Refused("unstow", "door_busy")), (5, 6, TAKEN)),
    "there and back": of((1, 2, GRANTED), (3, 4, TAKEN), (5, 6, Returned(HERE)), (7, 8, Saw(HERE)), (9, 10, ALSO)),
}
ILLEGAL = {
    "two are granted the same": of((1, 2, GRANTED), (3, 4, ALSO)),
    "two at the same time": of((1, 9, GRANTED), (2, 8, ALSO)),
    "two, and an unknown one between": of((1, 2, GRANTED), (2, None, MaybeGranted(ALSO)), (3, 4, ALSO)),
    "granted out of a store room": of((1, 2, Stated("unstow", STORE, 1)), (3, 4, GRANTED)),
    "granted from another bank": of((1, 2, Granted("a", "anna", "hq-02", until=30, answered=1))),
    "refused although it lies there": of((1, 2, Saw(HERE)), (3, 4, NotOffered("hq-01")), (5, 6, Saw(HERE))),
    "signed again after it was used": of(
        (1, 2, GRANTED), (3, 4, TAKEN), (5, 6, Granted("a", "anna", "hq-01", until=33, answered=5, again=True))
    ),
    "read as it was before": of((1, 2, GRANTED), (3, 4, TAKEN), (5, 6, Saw(HERE))),
    "seen, then not seen any more": of((1, 2, GRANTED), (3, 9, TAKEN), (4, 5, Saw(ANNA)), (6, 7, Saw(HERE))),
    "with somebody who was never granted it": of((1, 2, GRANTED), (3, 4, TAKEN), (5, 6, Saw(BEN))),
    "taken by a grant that was not given": of((1, 2, TAKEN)),
    "stated while locked": of((1, 2, GRANTED), (3, 4, Stated("unstow", STORE, 3)), (5, 6, TAKEN)),
    "returned by nobody": of((1, 2, Returned(HERE))),
    "refused a move that fits": of((1, 2, Refused("unstow", "wrong_state"))),
    "busy for no reason": of((1, 2, Refused("unstow", "door_busy"))),
    "an unknown tap explains nothing earlier": of((1, 2, TAKEN), (3, None, MaybeGranted(GRANTED))),
    "an unknown tap is granted once": of(
        (1, None, MaybeGranted(GRANTED)), (3, 4, Shut("a", gone=False)), (5, 6, Shut("a", gone=False))
    ),
}


@pytest.mark.parametrize("name", LEGAL)
def test_a_history_with_a_legal_order_is_legal(name: str) -> None:
    verdict = judged(LEGAL[name], START)

    assert verdict.legal
    known = [each for each in LEGAL[name] if each.ended is not None]
    assert all(each in verdict.order for each in known)


@pytest.mark.parametrize("name", ILLEGAL)
def test_a_history_without_a_legal_order_is_illegal(name: str) -> None:
    assert not judged(ILLEGAL[name], START).legal


def test_the_order_of_a_legal_history_is_shown() -> None:
    history = LEGAL["or two see it one after the other"]

    assert [each.began for each in judged(history, START).order] == [1, 4, 3, 5, 7]


def test_of_an_illegal_history_the_longest_order_is_shown() -> None:
    history = ILLEGAL["read as it was before"]

    assert judged(history, START).order == tuple(history[:2])


def test_every_verdict_on_small_histories_is_that_of_trying_every_order() -> None:
    chance, found = Random(1), set()

    for _ in range(SMALL):
        history = _anything(chance)
        verdict = judged(history, made_up.BEGINNING).legal
        assert verdict == _by_trying(history, made_up.BEGINNING), history
        assert verdict == check(history, step, made_up.BEGINNING).legal, "reading first makes no difference"
        found.add(verdict)

    assert found == {True, False}


def test_what_is_planted_into_small_histories_is_flagged_exactly_where_no_order_is_legal() -> None:
    chance, flagged = Random(2), 0

    for _ in range(SMALL):
        history = made_up.history(chance, OPERATIONS - 1, unknown=0.2)
        planted = PLANTS[chance.choice(sorted(PLANTS))](history, made_up.BEGINNING, chance)
        if planted is not None:
            verdict = judged(planted, made_up.BEGINNING).legal
            assert verdict == _by_trying(planted, made_up.BEGINNING), planted
            flagged += not verdict

    assert flagged > SMALL / 20


def _anything(chance: Random) -> list[Operation[Call]]:
    """Return a history that was legal before times and answers were mixed up, which it may be no longer."""
    history = made_up.history(chance, OPERATIONS, unknown=0.2)
    one, other = chance.sample(history, 2)
    if chance.random() < 1 / 2 and (one.ended is None) == (other.ended is None):
        mixed = {id(one): other.call, id(other): one.call}
        return [replace(each, call=mixed.get(id(each), each.call)) for each in history]
    return history


def _by_trying(history: list[Operation[Call]], start: Custody) -> bool:
    """Try every order of every choice of unknown operations."""
    known = [each for each in history if each.ended is not None]
    unknown = [each for each in history if each.ended is None]
    return any(
        _legal(order, start)
        for more in range(len(unknown) + 1)
        for chosen in permutations(unknown, more)
        for order in permutations([*known, *chosen])
        if list(chosen) == [each for each in order if each.ended is None]
    )


def _legal(order: tuple[Operation[Call], ...], start: Custody) -> bool:
    custody: Custody | None = start
    for number, each in enumerate(order):
        if any(later.ended is not None and later.ended < each.began for later in order[number:]):
            return False
        custody = step(custody, each.call)
        if custody is None:
            return False
    return True
