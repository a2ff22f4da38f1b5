"""Row 1: who asks may take things at all."""

from datetime import datetime

from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook, Subject

_AT = "%Y-%m-%dT%H:%M:%SZ"


def person_active(subject: Subject, _: RuleBook) -> Finding:
    """Row 1: not disabled, and within from/until; `valid_until` itself is already too late.

    Whoever borrows for another has to be active, and so has the other, of whom sentences of their own speak.
    """
    found = _active(subject.present, subject.at)
    if found.code is not None or subject.actor is None:
        return found
    other = _active(subject.person, subject.at)
    if other.code is None:
        return found
    return replace(other, says="borrower_not_active")


def _active(person: Person, at: datetime) -> Finding:
    if not person.active:
        return Finding(code="person_frozen", detail="the person is not active")
    if person.valid_from is not None and at < person.valid_from:
        compared = f"valid from {person.valid_from:{_AT}}, now {at:{_AT}}"
        return Finding(code="person_not_yet_valid", detail=compared, facts={"from": person.valid_from})
    if person.valid_until is not None and at >= person.valid_until:
        compared = f"valid until {person.valid_until:{_AT}}, now {at:{_AT}}"
        return Finding(code="person_expired", detail=compared, facts={"until": person.valid_until})
    return Finding(detail="the person is active")
