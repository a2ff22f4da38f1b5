"""Will there be room for what is due? A site whose free places are fewer than what comes back soon is a case (D7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from toolcrib.domain.calendars import local_date
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.ids import derived
from toolcrib.domain.policies import Site
from toolcrib.domain.record import replace

AHEAD: Final = timedelta(hours=4)  # time enough to empty a door, or to have one repaired
BEHIND: Final = timedelta(days=1)  # whoever is later than this does not come with the others


def places(banks: Iterable[Bank]) -> int:
    """Return how many things may be put in now: into doors with room, of banks that are in service and were heard."""
    ready = (bank for bank in banks if bank.state is BankState.ACTIVE and not bank.silent)
    return sum(door.capacity - len(door.contents) for bank in ready for door in bank.doors if door.free)


def case_id(site: Site, now: datetime) -> str:
    """Return the id of the case of a site's day: it is opened once a day at most."""
    return derived("case", str(CaseKind.SHORTAGE), site.id, local_date(now, ZoneInfo(site.time_zone)).isoformat())


def look(site: Site, *, due: int, free: int, today: Case | None, now: datetime) -> Case | None:
    """Return the case to open, or today's as it is answered once there is room again; None where nothing changes."""
    if due > free:
        detail = f"{due} due within {AHEAD // timedelta(hours=1)} hours, {free} free"
        new = Case(id=case_id(site, now), kind=CaseKind.SHORTAGE, opened_at=now, site=site.id, detail=detail)
        return new if today is None else None
    if today is None or today.state is not CaseState.OPEN:
        return None
    return replace(
        today,
        state=CaseState.RESOLVED,
        resolution="room again",
        resolved_by="toolcrib",
        resolved_at=now,
        version=today.version + 1,
    )
