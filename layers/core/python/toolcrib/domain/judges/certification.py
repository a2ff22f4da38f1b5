"""Row 5: the person has learned what the type asks for."""

from datetime import timedelta

from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.rulebook import RuleBook, Subject

_AT = "%Y-%m-%dT%H:%M:%SZ"


def certification(subject: Subject, _: RuleBook) -> Finding:
    """Row 5: every certification that the type requires is there, and valid or within its grace."""
    found = [_judged(each, subject) for each in subject.asset_type.certifications]
    refused = next((each for each in found if each.code not in {None, *subject.overridden}), None)
    return refused or Finding(detail="; ".join(finding.detail for finding in found) or "none is required")


def _judged(required: RequiredCertification, subject: Subject) -> Finding:
    """Judge one; the moment `valid_until` itself is already outside, as is the end of the grace."""
    name, at = required.certification, subject.at
    has = subject.person.certifications.get(name)
    facts = {"certification": name, "thing": subject.asset_type.name}
    if has is None:
        return Finding(code="certification_missing", detail=f"{name} is missing", facts=facts)
    if has.valid_until is None:
        return Finding(detail=f"{name} is valid for good")
    until = has.valid_until
    if at < until:
        return Finding(detail=f"{name} is valid until {until:{_AT}}, now {at:{_AT}}")
    compared = f"{name} expired at {until:{_AT}}, grace {required.grace_days} d, now {at:{_AT}}"
    if at - until < timedelta(days=required.grace_days):
        return Finding(detail=compared)
    return Finding(code="certification_expired", detail=compared, facts={**facts, "since": until})
