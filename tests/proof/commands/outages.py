"""Commands to a bank whose power was cut: it knows what its disk knows, and nobody waits any more."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from random import Random

import jwt

from tests.proof.commands.bad import Attempt, wrong
from tests.proof.commands.stage import Stage
from toolcrib.domain.doors import Purpose


def after_reboot(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """One that was used and one that was not, after a power cut: the one is used, nobody waits for the other."""
    while True:
        unused = stage.token(stage.tap(), jti=(grant := next(stage.grants)), door=2)
        used = stage.token(stage.tap(), door=3)
        assert stage.opens(used) == 1
        if rng.random() < 0.5:
            stage.ends(3)
        stage.cut()
        yield partial(stage.hears, used)
        yield partial(stage.hears, unused)
        yield wrong(stage, jti=grant, door=2)
        stage.settle()


def power_cuts(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """Whatever was signed before a cut at any write of the journal, before it or after it, is signed for nobody now."""
    while True:
        for write in count():
            tokens: list[str] = []
            after = rng.random() < 0.5
            if not stage.until_cut(partial(_story, stage, tokens), write, after=after):
                break
            stage.cut()
            for token in tokens:
                _late(stage, token)
                yield partial(stage.hears, token)
            _tidied(stage)


def _story(stage: Stage, tokens: list[str]) -> None:
    """Boot, take with a second tap for the same grant, burn one, force a door, open one from afar; sign all of it."""
    stage.boot()
    stage.settle()
    grant, first, second = next(stage.grants), stage.tap(), stage.tap()
    for re in (first, second):
        tokens.append(stage.order(re, grant=grant, door=3, purpose=Purpose.TAKE))
        stage.hears(tokens[-1])
    stage.ends(3)
    tokens.append(stage.order("nobody", grant=next(stage.grants), door=1, purpose=Purpose.RETURN))
    stage.hears(tokens[-1])
    stage.move(2, is_open=True)
    stage.move(2, is_open=False)
    tokens.append(stage.order(None, grant=next(stage.grants), door=4, purpose=Purpose.SERVICE))
    stage.hears(tokens[-1])
    stage.settle()


def _late(stage: Stage, token: str) -> None:
    """Let a service command that was not marked before the cut do its work: it needs nobody to wait, and is good."""
    claims = jwt.decode(token, options={"verify_signature": False})
    if claims["purpose"] == "service" and not stage.journal.is_used(claims["jti"]):
        assert stage.opens(token) == 1


def _tidied(stage: Stage) -> None:
    for door, seen in stage.seen.items():
        if seen.is_open:
            stage.move(door, is_open=False)
    stage.settle()
