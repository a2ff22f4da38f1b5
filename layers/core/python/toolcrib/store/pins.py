"""What is kept of people's PINs."""

from pynamodb.exceptions import PutError

from toolcrib.domain.pins import Pin
from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import PinItem
from toolcrib.store.mapping import pin_item, to_pin
from toolcrib.store.reads import find
from toolcrib.store.tables import connection


def find_pin(org: str, person: str) -> Pin | None:
    """Return what is kept of a person's PIN, or None where there never was one."""
    item = find(PinItem, keys.pin(org, person))
    return None if item is None else to_pin(item)


def save_guess(org: str, pin: Pin) -> None:
    """Write a counted guess over the count that it was counted onto; raises `LostRace` where that has moved on.

    Whoever is refused here must not look at the PIN: of many guesses at once each is counted by itself.
    """
    connection()
    try:
        pin_item(org, pin).save(condition=PinItem.version == pin.version - 1)
    except PutError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        raise LostRace(detail="another guess was counted") from error
