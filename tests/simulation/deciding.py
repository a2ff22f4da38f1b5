"""What people have in mind at a bank: which option they pick, and what they type, show or accept for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from edge.messages import Option, Session
from edge.tokens import pin_token
from tests.simulation.rules import COMPLETE
from tests.simulation.workplace import KEY

KNOWS_IT = 0.85  # how often somebody types their own PIN
ACCEPTS = 0.85  # the terms that are on the screen
CHANGES_IT = 0.7  # their PIN, when they have to
COMES_ALONG = 0.8  # somebody else, where one is asked for
SAYS_MORE = 0.3  # in what condition a thing is
ANSWERS = 0.7  # what a screen asks about a thing
IS_COMPLETE = 0.8
ASKED_ABOUT = frozenset({"take", "return"})
RACE_MS = 3_000
WRONG_PINS = tuple(f"47{number:02d}" for number in range(12))


def until_the_start(now_ms: float) -> float:
    """Return how long those who race wait: they all press at the same moment, wherever they stand."""
    return RACE_MS - now_ms % RACE_MS


class Manner(StrEnum):
    """How somebody behaves in one visit."""

    PROPER = "proper"
    SLOW = "slow"
    NEVER_OPENS = "never opens"
    MOVES_NOTHING = "moves nothing"
    WRONG_THING = "takes or returns another thing"
    STRANGE_THING = "leaves a strange thing"
    LEAVES_OPEN = "leaves the door open"
    TAPS_TWICE = "taps twice"
    WALKS_AWAY = "walks away from the screen"
    OTHER_DOOR = "puts it behind a forced door"
    GUESSES = "guesses a PIN many times at once"
    RACES = "taps at two banks at once"


LIKELY: Mapping[Manner, int] = {
    Manner.PROPER: 60,
    Manner.SLOW: 6,
    Manner.NEVER_OPENS: 5,
    Manner.MOVES_NOTHING: 6,
    Manner.WRONG_THING: 6,
    Manner.STRANGE_THING: 3,
    Manner.LEAVES_OPEN: 4,
    Manner.TAPS_TWICE: 6,
    Manner.WALKS_AWAY: 2,
    Manner.OTHER_DOOR: 2,
    Manner.GUESSES: 3,
}
"""Of whoever comes alone; who races has a badge in two places."""

PREFERRED: Mapping[str, float] = {"take": 6, "return": 4, "not_taken": 3, "not_returned": 3, "renew": 2, "handover": 3}


@dataclass
class Somebody:
    """A person with a badge, the PIN they remember, and what they carry (by the name their tag or label has)."""

    id: str
    uid: str
    pin: str | None = None
    pocket: list[str] = field(default_factory=list)
    busy: bool = False


def pick(session: Session, before: Option | None, manner: Manner, wants: str | None, chance: Random) -> Option | None:
    """Return the option that is picked: the one from before, if it is still there; else by what people do mostly."""
    same = next((each for each in session.options if before is not None and each.option == before.option), None)
    if same is not None or not session.options:
        return same
    asking = [each for each in session.options if "pin" in each.needs and manner is Manner.GUESSES]
    wanted = [each for each in session.options if wants in {each.kind, each.title.lower()}]
    at_once = [each for each in wanted if not each.needs and manner is Manner.RACES]
    options = asking or at_once or wanted or list(session.options)
    return chance.choices(options, [PREFERRED.get(each.kind, 1) for each in options])[0]


def is_kit(option: Option) -> bool:
    """Whether an option is about several things at once."""
    return ":kit:" in str(option.option)


def typed(session: Session, option: Option, who: Somebody, manner: Manner, chance: Random) -> list[dict[str, Any]]:
    """Return what is sent with a choice, once, or many times by somebody who guesses."""
    shown: dict[str, Any] = {}
    if session.terms is not None and "terms" in option.needs and chance.random() < ACCEPTS:
        shown["terms_sha256"] = session.terms.sha256
    if option.kind == "handover" and chance.random() < SAYS_MORE:
        shown["answers"] = {"condition": "minor"}
    if option.kind in ASKED_ABOUT and chance.random() < ANSWERS:
        shown["answers"] = {COMPLETE.id: chance.random() < IS_COMPLETE}
    if "new_pin" in option.needs and ("pin" not in option.needs or chance.random() < CHANGES_IT):
        before, who.pin = who.pin, f"93{chance.randrange(10)}7"
        old = {"pin": pin_token(before or chance.choice(WRONG_PINS), KEY)} if "pin" in option.needs else {}
        return [shown | old | {"new_pin": pin_token(who.pin, KEY)}]
    if "pin" not in option.needs:
        return [shown]
    if manner is Manner.GUESSES:
        return [shown | {"pin": pin_token(digits, KEY)} for digits in WRONG_PINS]
    known = who.pin if chance.random() < KNOWS_IT else None
    return [shown | {"pin": pin_token(known or chance.choice(WRONG_PINS), KEY)}]
