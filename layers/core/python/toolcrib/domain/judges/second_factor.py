"""Row 12: where a badge alone does not do, a PIN was shown with it."""

from datetime import datetime

from toolcrib.domain import matching
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.people import PinStanding
from toolcrib.domain.pins import Found, Shown
from toolcrib.domain.rulebook import RuleBook, Subject

PROOF = {"second_factor": "pin"}
"""What the event of the take says."""


def second_factor(subject: Subject, book: RuleBook) -> Finding:
    """Row 12: the PIN was right, where the type or a policy asks for one.

    Nobody sets a first PIN with a badge alone, or a stolen badge would do: somebody who is more than a badge has to
    have opened the way for it (`PinStanding.kiosk_until`).
    """
    asks = _asks(subject, book)
    if asks is None:
        return Finding(detail="no second factor is asked for")
    standing = subject.present.pin or PinStanding()
    wanted = _wanted(standing, subject.at, asks)
    return wanted if subject.given.pin is None else _judged(subject.given.pin, standing, wanted)


def _asks(subject: Subject, book: RuleBook) -> str | None:
    """Return what asks for a second factor, the type or any policy that matches; None where nothing does."""
    if subject.asset_type.second_factor:
        return f"type {subject.asset_type.id}"
    policy = matching.second_factor(matching.ranked(subject, book))
    return None if policy is None else f"policy {policy.id}"


def _wanted(standing: PinStanding, at: datetime, asks: str) -> Finding:
    """Return what is wanted of someone who has shown nothing yet."""
    if standing.is_set and standing.must_change:
        return _to_change(f"the PIN that {asks} asks for was set by somebody else", needs=(Need.PIN, Need.NEW_PIN))
    if standing.is_set:
        return Finding(code="pin_required", detail=f"{asks} asks for a PIN", needs=(Need.PIN,))
    if standing.kiosk_until is not None and at < standing.kiosk_until:
        detail = f"{asks} asks for a PIN, and none is set yet"
        return Finding(code="pin_required", detail=detail, says="pin_required.first", needs=(Need.NEW_PIN,))
    detail = f"{asks} asks for a PIN, none is set, and none may be set here"
    return Finding(code="pin_required", detail=detail, says="pin_required.unset")


def _judged(shown: Shown, standing: PinStanding, wanted: Finding) -> Finding:
    """Return what comes of the PIN that was shown."""
    if shown.found is Found.RIGHT and (shown.changed or not standing.must_change):
        return Finding(detail="the PIN was right", proves=PROOF)
    if shown.found is Found.WRONG:
        detail = f"the PIN is wrong, {shown.left} more before it locks"
        return Finding(code="pin_wrong", detail=detail, facts={"left": shown.left}, needs=wanted.needs)
    if shown.found is Found.LOCKED and shown.until is not None:
        detail = f"locked after too many wrong PINs until {shown.until:%Y-%m-%dT%H:%M:%SZ}"
        return Finding(code="pin_locked", detail=detail, facts={"until": shown.until})
    if shown.found is Found.OTHER_KEY:
        return _to_change("the PIN was set before the badge key was changed", says="pin_change_required.key")
    needs = (Need.PIN, Need.NEW_PIN)
    if shown.found is Found.SAME_AGAIN:
        return _to_change("the new PIN is the old one", says="pin_change_required.same", needs=needs)
    return _to_change("the PIN was right and has to be changed", needs=needs)


def _to_change(detail: str, *, says: str | None = None, needs: tuple[Need, ...] = ()) -> Finding:
    return Finding(code="pin_change_required", detail=detail, says=says, needs=needs)
