"""PINs for tests: the token a bank would send, a hash that is quick, and a person who has one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from chalicelib.deciding.badges import token
from tests.support.tables import BADGE_KEY
from tests.support.workplace import NOW, ORG, person
from toolcrib.domain.people import Person, PinStanding
from toolcrib.domain.pins import Pin, set_anew
from toolcrib.send import slow_hash
from toolcrib.store import mapping
from toolcrib.store.pins import find_pin
from toolcrib.store.tables import connection

RIGHT, WRONG, NEW = "8305", "4711", "7294"
SET = PinStanding(is_set=True)
TO_CHANGE = PinStanding(is_set=True, must_change=True)


def typed(digits: str, key: str = "1") -> str:
    """Return the token of a PIN, as a bank sends it; key versions other than 1 are other keys."""
    secret = bytes.fromhex(BADGE_KEY) if key == "1" else key.encode()
    return token(f"pin:{digits}", key, secret)


@contextmanager
def quick_hash() -> Iterator[list[str]]:
    """Make the slow hash quick, and note every token that is compared."""
    compared: list[str] = []
    compare = slow_hash.matches

    def noted(kept: Any, given: str) -> bool:
        compared.append(given)
        return compare(kept, given)

    with (
        patch.object(slow_hash, "MEMORY_KIB", 8),
        patch.object(slow_hash, "ITERATIONS", 1),
        patch("toolcrib.flows.second_factor.matches", noted),
    ):
        yield compared


def with_pin(standing: PinStanding | None = SET, digits: str = RIGHT, key: str = "1", **more: Any) -> Person:
    """Put a person's PIN into the record, unless none is set, and return the person as a profile has them."""
    connection()
    who = person(**{"pin": standing, **more})
    if standing is not None and standing.is_set:
        hashed = slow_hash.slow_hash(typed(digits, key), b"0123456789abcdef")
        mapping.pin_item(ORG, set_anew(None, person=who.id, hashed=hashed, key=key, at=NOW)).save()
    return who


def kept(person_id: str = "p-1") -> Pin:
    """Return what is kept of a person's PIN."""
    pin = find_pin(ORG, person_id)
    assert pin is not None
    return pin
