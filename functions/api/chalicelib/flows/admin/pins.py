"""PINs: set, cleared and unlocked over HTTP, and the way opened to set one at a screen (feature A2)."""

from typing import Final

from chalicelib.deciding.badges import token
from chalicelib.flows.admin import people
from chalicelib.flows.admin.editing import changed
from toolcrib import secrets
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.people import Person, PinStanding
from toolcrib.domain.pins import KIOSK_WINDOW, MAX_DIGITS, MIN_DIGITS, Pin, reset, set_anew, too_easy
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Conflict, Invalid
from toolcrib.flows.second_factor import salt
from toolcrib.send.slow_hash import slow_hash
from toolcrib.store.edited import commit_edit
from toolcrib.store.pins import find_pin

NEVER_SET: Final = PinStanding()


class Shown(Record, frozen=True, kw_only=True):
    """What may be known of a person's PIN: `pin` for whether it is locked, never for what it is."""

    standing: PinStanding
    pin: Pin | None


def show(asked: Asked, person_id: str) -> Shown:
    """Return what may be known of a person's PIN; raises `NotFound` without such a person."""
    person = people.show(asked, person_id)
    return Shown(standing=person.pin or NEVER_SET, pin=find_pin(asked.org, person.id))


def set_pin(asked: Asked, person_id: str, digits: str) -> Shown:
    """Set a person's PIN. One that somebody else chose has to be changed at first use.

    Raises `Invalid`, which never repeats the digits, for a PIN that anybody would try first.
    """
    _judge(digits)
    people.show(asked, person_id)  # before the slow hash: whoever may not see them costs nothing
    version, key = secrets.badge_key()
    hashed = slow_hash(token(f"pin:{digits}", version, key), salt(asked.org, person_id, asked.op))
    standing = PinStanding(is_set=True, must_change=asked.by.person != person_id)

    def once() -> None:
        person = people.show(asked, person_id)
        pin = set_anew(find_pin(asked.org, person.id), person=person.id, hashed=hashed, key=version, at=asked.at)
        _commit(asked, person, standing, pin)

    return changed(asked, once, lambda: show(asked, person_id))


def open_kiosk(asked: Asked, person_id: str) -> Shown:
    """Let a person without a PIN set one at a screen with their badge, for a day; raises `Conflict` if one is set."""

    def once() -> None:
        person = people.show(asked, person_id)
        if person.pin is not None and person.pin.is_set:
            raise Conflict(code="pin_is_set", detail="a PIN is set", advice="Clear it first, or set another.")
        _commit(asked, person, PinStanding(kiosk_until=asked.at + KIOSK_WINDOW))

    return changed(asked, once, lambda: show(asked, person_id))


def clear(asked: Asked, person_id: str) -> None:
    """Take a person's PIN away; nothing that asks for one can be taken until another is set."""

    def once() -> None:
        person = people.show(asked, person_id)
        before = find_pin(asked.org, person.id)
        if person.pin not in {None, NEVER_SET}:
            gone = set_anew(before, person=person.id, hashed=None, key="", at=asked.at)
            _commit(asked, person, NEVER_SET, gone)

    changed(asked, once, lambda: None)


def unlock(asked: Asked, person_id: str) -> Shown:
    """Forget the wrong PINs that were counted, so that the person may try again at once."""

    def once() -> None:
        people.show(asked, person_id)
        pin = find_pin(asked.org, person_id)
        if pin is not None and pin.guesses:
            commit_edit(asked.org, Change(op=asked.op, at=asked.at, pins=(reset(pin),)))

    return changed(asked, once, lambda: show(asked, person_id))


def _judge(digits: str) -> None:
    """Refuse what the contract does not have, or everybody tries first; a bank cannot, since it sends a token only."""
    if not digits.isascii() or not digits.isdigit() or not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        raise _unfit(f"is not {MIN_DIGITS} to {MAX_DIGITS} digits")
    if too_easy(digits):
        raise _unfit("is among the first that anybody tries: no runs, no repetitions")


def _unfit(why: str) -> Invalid:
    return Invalid(code="pin_too_easy", detail="the PIN is not good enough", fields={"pin": why})


def _commit(asked: Asked, person: Person, standing: PinStanding, pin: Pin | None = None) -> None:
    """Write the PIN and what the profile says of it together, over the profile as it was read."""
    held = Holdings(person=person.id, pin=standing, expected_version=person.version)
    commit_edit(asked.org, Change(op=asked.op, at=asked.at, holdings=(held,), pins=() if pin is None else (pin,)))
