"""Badges that should not be here: nobody's badge tapped again and again, one badge at two sites at once (row 2)."""

from datetime import datetime, timedelta

from toolcrib.domain.authorise import Ask
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.ids import derived
from toolcrib.domain.offers.option import Offer
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.store.banks import note_unknown_taps

WINDOW = timedelta(minutes=1)
BURST = 5  # unknown taps within the window at one bank (rules.md, row 2)


def unknown_badge(org: str, bank: Bank, at: datetime) -> None:
    """Count a tap of a badge that nobody has; five in a minute at one bank raise an alarm."""
    recent = (*(tap for tap in bank.unknown_taps if at - tap < WINDOW), at)[-BURST:]
    note_unknown_taps(org, bank.id, recent)
    if len(recent) == BURST:
        started = recent[0].isoformat(timespec="minutes")
        _open(org, bank, CaseKind.UNKNOWN_BADGES, at, started, detail=f"{BURST} unknown badges within a minute")


def two_places(ask: Ask, offered: Offer) -> None:
    """A take refused because the badge was elsewhere just now is a case, together with the take before it."""
    last = ask.person.last_take
    elsewhere = any(refused.refusal.code == "badge_elsewhere" for refused in offered.refusals)
    if elsewhere and last is not None:
        cause = f"{ask.person.id}|{last.at.isoformat()}"
        detail = f"taken at {last.site} at {last.at.isoformat()}"
        _open(ask.org, ask.bank, CaseKind.BADGE_ELSEWHERE, ask.at, cause, person=ask.person.id, detail=detail)


def _open(
    org: str, bank: Bank, kind: CaseKind, at: datetime, cause: str, *, detail: str, person: str | None = None
) -> None:
    case = Case(
        id=derived("case", str(kind), bank.id, cause),
        kind=kind,
        opened_at=at,
        site=bank.site,
        bank=bank.id,
        person=person,
        detail=detail,
    )
    try:
        commit_and_alert(org, Change(op=case.id, at=at, cases=(case,)))
    except LostRace:  # the case is open already
        return
