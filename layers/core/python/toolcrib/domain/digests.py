"""What people are told once a day, or once a week, of all there is: a site's day, and an owner's week.

A record's id is made of the site or owner, the day or week, and the recipient: whatever runs twice or late makes one.
An hour that was missed is caught up on the same day, or in the same week. What there is to say is read when it is sent.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from toolcrib.domain.calendars import local_date, to_instant, windows
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.healing.inventory import Inventory
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.record import Record
from toolcrib.domain.reminders import LATE_AFTER, OUTBOX_PATIENCE

DAILY: Final = "daily"  # the `step` of what a site is told
WEEKLY: Final = "weekly"  # and of what an owner is told
KINDS: Final = (DAILY, WEEKLY)
MORNING: Final = time(7)  # of owners whose site has no hour of its own
A_DAY: Final = timedelta(days=1)
IN_TROUBLE: Final = frozenset(
    {
        CaseKind.FORCED,
        CaseKind.LEFT_OPEN,
        CaseKind.JAMMED,
        CaseKind.REVOKED_BANK,
        CaseKind.SILENT_BANK,
        CaseKind.SEQUENCE_GAP,
        CaseKind.CLOCK_SKEW,
        CaseKind.TAMPER,
        CaseKind.POWER,
        CaseKind.UNKNOWN_BADGES,
        CaseKind.SHORTAGE,
    }
)
"""Cases of doors and banks; the others are of things and people."""


class Thing(Record, frozen=True, kw_only=True):
    """A thing that is not where it should be, or not charged, or a door that is out of use: its name, its place, how.

    `state` is missing, unconfirmed, low, or why the door is not lent from; `percent` is how far it is charged at least.
    """

    state: str
    name: str = ""
    bank: str = ""
    door: int | None = None
    percent: int = 0


class Summary(Record, frozen=True, kw_only=True):
    """How things stand, the counts of all and the first of each by name, as read a moment ago.

    `loans` are late, or due today, the one due first first; `over` says that the day or week it was for has passed;
    `inventory` is the site's last, if it is of this night.
    """

    out: int = 0
    late: int = 0
    due_today: int = 0
    missing: int = 0
    broken: int = 0
    trouble: int = 0
    low: int = 0
    other: int = 0
    loans: tuple[Loan, ...] = ()
    cases: tuple[Case, ...] = ()
    things: tuple[Thing, ...] = ()
    over: bool = False
    inventory: Inventory | None = None

    @property
    def named(self) -> int:
        """How much of it is told by name."""
        return len(self.loans) + len(self.cases) + len(self.things)

    @property
    def told(self) -> int:
        """How much there is to tell; what is out in good order is none of it."""
        return self.late + self.due_today + self.missing + self.broken + self.trouble + self.low + self.other


def day_of(site: Site, now: datetime) -> date | None:
    """Return the local day whose digest is due at a site; None before its hour, and on days on which it stays shut."""
    if site.digest_at is None:
        return None
    zone = ZoneInfo(site.time_zone)
    day = local_date(now, zone)
    return day if now >= to_instant(day, site.digest_at, zone) and _opens(site, day) else None


def of_day(site: Site, now: datetime) -> tuple[Notice, ...]:
    """Return the records of a site's digest that is due at `now`, one each for its channel and its supervisors."""
    day = day_of(site, now)
    if day is None or site.digest_at is None:
        return ()
    due = to_instant(day, site.digest_at, ZoneInfo(site.time_zone))
    channel = [(To.CHANNEL, site.channel)] if site.channel else []
    told = [*channel, *((To.SUPERVISOR, each) for each in dict.fromkeys(site.supervisors))]
    return tuple(_notice(DAILY, day.isoformat(), to, who, site.id, due, now) for to, who in told)


def of_week(owner: Person, site: Site | None, now: datetime) -> Notice | None:
    """Return the record of an owner's summary: due on the first day of the week on which their site opens."""
    zone, hour = _clock(site)
    today = local_date(now, zone)
    days = [today - A_DAY * back for back in reversed(range(today.weekday() + 1))]
    due = next((to_instant(day, hour, zone) for day in days if site is None or _opens(site, day)), None)
    if due is None or now < due or not owner.active:
        return None
    return _notice(WEEKLY, week_name(today), To.OWNER, owner.id, owner.site, due, now)


def week_name(day: date) -> str:
    """Return the week of a day as ISO 8601 writes it: `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def is_over(notice: Notice, site: Site | None, now: datetime) -> bool:
    """Whether the day or the week has passed that a notice is for: its next one tells how things are."""
    today = local_date(now, _clock(site)[0])
    return notice.period != (today.isoformat() if notice.step == DAILY else week_name(today))


def end_of_day(site: Site | None, now: datetime) -> datetime:
    """Return the midnight that ends the local day."""
    zone = _clock(site)[0]
    return to_instant(local_date(now, zone) + A_DAY, time(), zone)


def counted(cases: Iterator[Case] | tuple[Case, ...]) -> dict[str, int]:
    """Return how many of the cases are of what is broken, of doors and banks, of charge, and of all else."""
    found = {"broken": 0, "trouble": 0, "low": 0, "other": 0}
    for case in cases:
        found[_group(case)] += 1
    return found


def _group(case: Case) -> str:
    if case.kind is CaseKind.FAULT:
        return "broken"
    if case.kind is CaseKind.LOW_CHARGE:
        return "low"
    return "trouble" if case.kind in IN_TROUBLE else "other"


def _clock(site: Site | None) -> tuple[ZoneInfo, time]:
    return (ZoneInfo("UTC"), MORNING) if site is None else (ZoneInfo(site.time_zone), site.digest_at or MORNING)


def _opens(site: Site, day: date) -> bool:
    return any(windows(site, day))


def _notice(step: str, period: str, to: To, who: str, site: str | None, due: datetime, now: datetime) -> Notice:
    about = site if step == DAILY else who
    return Notice(
        id=derived("notice", step, about or "", period, str(to), who),
        period=period,
        site=site,
        step=step,
        to=to,
        recipient=who,
        via=Via.SLACK,
        due_at=due.astimezone(UTC),
        late=now - due > LATE_AFTER,
        wake_at=now + OUTBOX_PATIENCE,
    )
