"""A PIN at a bank: counted, then compared (rules.md, row 12). It is looked at where everything before it passed."""

import hmac
from collections.abc import Collection
from datetime import datetime

from toolcrib.domain.ids import derived
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.people import Person, PinStanding
from toolcrib.domain.pins import Found, Pin, Proven, Shown, counted, reset, set_anew
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import LostRace
from toolcrib.send.slow_hash import matches, slow_hash
from toolcrib.store.pins import find_pin, save_guess

SALT_BYTES = 16
GUESS_BYTES = 16


class Entered(Record, frozen=True, kw_only=True):
    """The tokens somebody typed at a bank, the upload they came with, and the token of the session it was in."""

    org: str
    session: str
    upload: str
    at: datetime
    pin: str | None = None
    new_pin: str | None = None


def prove(entered: Entered, person: Person, needs: Collection[Need]) -> Proven | None:
    """Return what comes of the PIN that was entered, None where the one needed was not.

    A function that dies after the count leaves it counted; a lost race further on finds the same guess counted already.
    Raises `LostRace` where somebody else guessed at the same moment.
    """
    if Need.PIN in needs:
        return None if entered.pin is None else _guess(entered, person, entered.pin)
    if Need.NEW_PIN in needs and entered.new_pin is not None:
        return _changed(entered, find_pin(entered.org, person.id), person.id, entered.new_pin)
    return None


def _guess(entered: Entered, person: Person, token: str) -> Proven:
    pin = find_pin(entered.org, person.id)
    if pin is None or pin.hash is None:
        raise LostRace(detail="the PIN was cleared: look again")
    if key_of(token) != pin.key:
        return Proven(shown=Shown(found=Found.OTHER_KEY))
    tried = counted(pin, _id_of(entered, token), entered.at)
    if tried is None:
        return Proven(shown=Shown(found=Found.LOCKED, until=pin.locked_until))
    if tried is not pin:
        save_guess(entered.org, tried)
    if matches(pin.hash, token):
        return _right(entered, tried, token)
    found = Found.WRONG if tried.left else Found.LOCKED
    return Proven(shown=Shown(found=found, left=tried.left, until=tried.locked_until))


def _right(entered: Entered, pin: Pin, token: str) -> Proven:
    cleared = reset(pin)
    if entered.new_pin is None:
        return Proven(shown=Shown(found=Found.RIGHT), pin=cleared, cleared=cleared)
    if entered.new_pin == token:
        return Proven(shown=Shown(found=Found.SAME_AGAIN), cleared=cleared)
    return _changed(entered, pin, pin.person, entered.new_pin, cleared)


def _changed(entered: Entered, before: Pin | None, person: str, token: str, cleared: Pin | None = None) -> Proven:
    hashed = slow_hash(token, salt(entered.org, person, entered.upload))
    pin = set_anew(before, person=person, hashed=hashed, key=key_of(token), at=entered.at)
    standing = PinStanding(is_set=True)
    return Proven(shown=Shown(found=Found.RIGHT, changed=True), pin=pin, standing=standing, cleared=cleared)


def key_of(token: str) -> str:
    """Return the version of the badge key that a token was made under."""
    return token.partition(".")[0]


def salt(org: str, person: str, op: str) -> bytes:
    """Return the salt of a PIN that an operation sets: no two operations share one, a repeat makes the same."""
    return derived("pin-salt", org, person, op).encode()[:SALT_BYTES]


def _id_of(entered: Entered, token: str) -> str:
    """Return what tells this guess from all others.

    It is kept, and must not be a quick hash of the PIN: its key is the session, which nothing keeps.
    """
    said = f"{entered.upload}|{token}".encode()
    return hmac.digest(entered.session.encode(), said, "sha256")[:GUESS_BYTES].hex()
