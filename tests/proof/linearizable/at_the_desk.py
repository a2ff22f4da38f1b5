"""What an administrator's process does in a history over real HTTP: reads, states, and sometimes hears no answer."""

import time
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.asking import Web
from tests.proof.linearizable.checker import Operation
from tests.proof.linearizable.custody import Call, MaybeStated, Place, Refused, Saw, Stated, stowed

READS, HANGS_UP = 0.6, 0.04
"""How many of the requests read; how many callers hang up before the answer: nobody knows then whether it happened."""
PAUSE_S, IMPATIENCE_S = 0.05, 0.002
NEVER = 2**62  # later than every clock
Notes = list[Operation[Call]]


@cache
def _web(base: str, bearer: str) -> Web:
    return Web(base, bearer)


def work(base: str, bearer: str, asset: str, site: str, bank: str, doors: int, operations: int, seed: int) -> Notes:
    """Ask about one asset, one request after the other; returns what was asked and answered. Raises on a 5xx."""
    chance, web, notes = Random(seed), _web(base, bearer), []
    name = f"desk-{seed}"
    for _ in range(operations):
        time.sleep(chance.uniform(0, PAUSE_S))
        act: Callable[..., Call | None] = _read if chance.random() < READS else _state
        began = time.monotonic_ns()
        call, known = _asked(lambda act=act: act(web, chance, asset, site, bank, doors))
        ended = time.monotonic_ns() if known else None
        if call is not None:
            notes.append(Operation(client=name, call=call, began=began, ended=ended))
    return notes


def _asked(ask: Callable[[], Call | None]) -> tuple[Call | None, bool]:
    call = ask()
    return call, not isinstance(call, MaybeStated)


def _read(web: Web, _chance: Random, asset: str, *_: Any) -> Call:
    return Saw(place_of(web.get(f"/assets/{asset}")))


def _state(web: Web, chance: Random, asset: str, site: str, bank: str, doors: int) -> Call:
    door = chance.randint(1, doors)
    move = chance.choice(("unstow", "stow", "stow"))
    what: dict[str, Any] = {"move": move, "reason": "counting", "site": site}
    if move == "stow":
        what = {"bank": bank, "door": door}
    path = f"/assets/{asset}/{'stow' if move == 'stow' else 'move'}"
    hangs_up = chance.random() < HANGS_UP
    timeout = httpx.Timeout(None, read=IMPATIENCE_S) if hangs_up else httpx.USE_CLIENT_DEFAULT
    try:
        answer = web.client.post(path, json=what, headers={"Idempotency-Key": str(uuid4())}, timeout=timeout)
    except httpx.ReadTimeout:
        return MaybeStated(move, NEVER, site, stowed(bank, door) if move == "stow" else None)
    if answer.status_code == httpx.codes.OK:
        return Stated(move, place_of(answer.json()), round(time.time() * 1000))
    assert answer.status_code == httpx.codes.CONFLICT, f"{answer.status_code} {answer.text}"
    return Refused(move, answer.json()["code"])


def place_of(shown: dict[str, Any]) -> Place:
    """Return where an asset is, as the API shows it."""
    custodian = shown["custodian"]
    return Place(shown["state"], custodian["kind"], custodian["id"], custodian["door"])
