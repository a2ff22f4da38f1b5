"""Makes a session fit into one message (design.md: ≤ 8 KB): what can be done comes first, why not what is left.

A bank of 64 doors with 64 types does not fit as a whole. Refusals are left out first, from the end; then notes and due
times, which are told again once a door has closed; then takes, from the end: what a person wants to give back, to renew
or to deny stays longest. One line says how many things are left out.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from toolcrib.domain.offers.option import OptionKind
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import said
from toolcrib.wire.arrivals import MAX_BYTES
from toolcrib.wire.downs import OptionShown, RefusalShown, SessionDown

Part = TypeVar("Part", OptionShown, RefusalShown)


def size(message: object) -> int:
    """Return how many bytes a message, or a part of one, takes as JSON."""
    return len(msgspec.json.encode(message))


def fitted(shown: SessionDown, reader: Reader) -> SessionDown:
    """Return the session as it is if it fits, else with as much of it as does."""
    if size(shown) <= MAX_BYTES:
        return shown
    every = len(shown.options) + len(shown.refusals)
    room = MAX_BYTES - size(replace(shown, options=(), refusals=(_left_out(every, reader),)))
    options = _options(shown.options, room)
    refusals = _first(shown.refusals, room - _taken(options))
    left_out = every - len(options) - len(refusals)
    closing = (_left_out(left_out, reader),) if left_out else ()
    return replace(shown, options=options, refusals=(*refusals, *closing))


def _options(options: Sequence[OptionShown], room: int) -> tuple[OptionShown, ...]:
    if _taken(options) <= room:
        return tuple(options)
    bare = [replace(option, note=None) for option in options]
    if _taken(bare) > room:
        bare = [replace(option, due_at=None) for option in bare]
    takes_last = sorted(bare, key=lambda option: option.kind == OptionKind.TAKE)
    kept = {option.option for option in _first(takes_last, room)}
    return tuple(option for option in bare if option.option in kept)


def _first(parts: Sequence[Part], room: int) -> tuple[Part, ...]:
    """Return as many parts as fit, from the first on."""
    ends = accumulate(size(part) + 1 for part in parts)
    return tuple(parts[: sum(1 for end in ends if end <= room)])


def _taken(parts: Iterable[object]) -> int:
    """Return what parts of a list take in it, each with its comma."""
    return sum(size(part) + 1 for part in parts)


def _left_out(count: int, reader: Reader) -> RefusalShown:
    return RefusalShown(title="…", code="not_shown", text=said("not_shown", {"count": count}, reader))
