"""Row 6: things may be taken at certain hours only, in the local time of the site."""

from collections.abc import Sequence
from datetime import datetime

from toolcrib.domain.calendars import is_open, next_open
from toolcrib.domain.judges.finding import Fact, Finding
from toolcrib.domain.matching import ranked, schedules
from toolcrib.domain.policies import Policy, Site
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook, Subject

MOST_HOPS = 400  # from window to window of several schedules, looking for a moment that all of them allow


def schedule(subject: Subject, book: RuleBook) -> Finding:
    """Row 6: every policy with a schedule allows this moment; the site's closed days are outside of all schedules.

    A window's first moment is in it, its last is not. Opening hours are no schedule: a locker may lend at night.
    """
    policies = schedules(ranked(subject, book))
    if not policies:
        return Finding(detail="no schedule applies")
    outside = next((each for each in policies if not is_open(hours(subject.site, each), subject.at)), None)
    if outside is None:
        return Finding(detail=f"in the schedule of {', '.join(f'policy {policy.id}' for policy in policies)}")
    opens = next_allowed([hours(subject.site, policy) for policy in policies], subject.at)
    facts: dict[str, Fact] = {"thing": subject.asset_type.name}
    return Finding(
        code="outside_schedule",
        detail=_compared(outside, subject, opens),
        says="outside_schedule" if opens else "outside_schedule.never",
        facts=facts | ({"next": opens} if opens else {}),
    )


def next_allowed(weeks: Sequence[Site], at: datetime) -> datetime | None:
    """Return the first moment from `at` on in which all of these hours agree; None without one within a year or so."""
    for _ in range(MOST_HOPS):
        opens = [next_open(week, at) for week in weeks]
        found = [each for each in opens if each is not None]
        if len(found) < len(weeks):
            return None
        if max(found) == at:
            return at
        at = max(found)
    return None


def hours(site: Site, policy: Policy) -> Site:
    """Return the site as if a policy's schedule were its opening hours: the same calendar reads both."""
    return replace(site, opening_hours=policy.schedule)


def _compared(policy: Policy, subject: Subject, opens: datetime | None) -> str:
    """Return what was compared: `2026-11-20T18:30:00Z is outside of the schedule of policy p at hq (…), next …`."""
    when, zone = f"{subject.at:%Y-%m-%dT%H:%M:%SZ}", f"{subject.site.id} ({subject.site.time_zone})"
    then = f"next {opens:%Y-%m-%dT%H:%M:%SZ}" if opens else "no time within a year"
    return f"{when} is outside of the schedule of policy {policy.id} at {zone}, {then}"
