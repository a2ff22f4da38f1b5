"""Whom a new case, or request, is told to, and how: notices written in the transaction that makes it."""

from datetime import datetime, timedelta

from toolcrib.domain import authorisation_notices
from toolcrib.domain.authorisers import JOIN_WINDOW
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.change import Change
from toolcrib.domain.ids import derived
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.reminders import OUTBOX_PATIENCE
from toolcrib.domain.rulebook import RuleBook

URGENT = frozenset(
    {
        CaseKind.FORCED,
        CaseKind.LEFT_OPEN,
        CaseKind.TAMPER,
        CaseKind.UNKNOWN_BADGES,
        CaseKind.BADGE_ELSEWHERE,
        CaseKind.SILENT_BANK,
        CaseKind.REVOKED_BANK,
    }
)
DELAY = {
    CaseKind.LEFT_OPEN: timedelta(seconds=60),
    CaseKind.COUNTERSIGNATURE: JOIN_WINDOW,
    CaseKind.MISPLACED: timedelta(minutes=6),
}
"""A door is left open at 60 s, and an alarm at 120 s (rules.md, *Doors*): closed by then, nobody is disturbed. A reader
that missed a tag sees it again in its next status, five minutes later.
"""

MOST_SUPERVISORS = 5  # keeps the transaction within the 25 items of anything unusual


def with_alerts(change: Change, book: RuleBook) -> Change:
    """Return the change with the notices of the case it opens, where its site is known, and of requests to agree.

    What happens at one door at one moment is told once, by its most urgent case; the others are on the list of cases.
    """
    opened = [case for case in change.cases if case.version == 1 and case.state is CaseState.OPEN]
    first = min((case for case in opened if case.site in book.sites), key=_urgent_first, default=None)
    alarms = alerts(first, book.sites[first.site or ""]) if first is not None else ()
    told = (*alarms, *authorisation_notices.told(change.authorisations, book.sites))
    return replace(change, notices=(*change.notices, *told)) if told else change


def _urgent_first(case: Case) -> bool:
    return case.kind not in URGENT


def alerts(case: Case, site: Site) -> tuple[Notice, ...]:
    """Return who is told of a case: the site's channel, and its supervisors by mail; urgent ones in Slack as well."""
    at = case.opened_at + DELAY.get(case.kind, timedelta())
    channel = [_notice(case, To.CHANNEL, site.channel, Via.SLACK, at)] if site.channel else []
    supervisors = site.supervisors[:MOST_SUPERVISORS]
    mails = [_notice(case, To.SUPERVISOR, person, Via.EMAIL, at) for person in supervisors]
    messages = [_notice(case, To.SUPERVISOR, person, Via.SLACK, at) for person in supervisors]
    return (*channel, *mails, *(messages if case.kind in URGENT else ()))


def _notice(case: Case, to: To, recipient: str, via: Via, at: datetime) -> Notice:
    held = case.kind in DELAY
    return Notice(
        id=derived("notice", case.id, recipient, str(via)),
        case=case.id,
        site=case.site,
        step=str(case.kind),
        to=to,
        recipient=recipient,
        via=via,
        urgent=case.kind in URGENT,
        due_at=at,
        wake_at=at if held else at + OUTBOX_PATIENCE,
        hold_until=at if held else None,
    )
