"""Row 2: the badge is this person's, is valid, and can be here."""

from datetime import timedelta

from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import BadgeState
from toolcrib.domain.rulebook import RuleBook, Subject

PLAUSIBLE_TRAVEL = timedelta(minutes=5)  # safety.md, threat 1: nobody gets from one site to another faster


def badge_plausible(subject: Subject, book: RuleBook) -> Finding:
    """Row 2: the badge is this person's and active, and was not at another site just now."""
    badge, last = subject.badge, subject.present.last_take
    if badge is None:
        return Finding(detail="no badge was used")
    if badge.person != subject.present.id:
        return Finding(code="badge_unknown", detail="the badge is not this person's")
    if badge.state is BadgeState.REVOKED:
        return Finding(code="badge_revoked", detail="the badge is revoked")
    if last is not None and last.site != subject.site.id and abs(subject.at - last.at) < PLAUSIBLE_TRAVEL:
        apart, least = abs(subject.at - last.at).total_seconds(), PLAUSIBLE_TRAVEL.total_seconds()
        detail = f"at {subject.site.id} {apart:.0f} s from a take at {last.site}, at least {least:.0f} s are plausible"
        there = book.sites.get(last.site)
        return Finding(code="badge_elsewhere", detail=detail, facts={"site": there.name if there else last.site})
    return Finding(detail="the badge is active")
