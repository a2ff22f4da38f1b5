"""What of a person comes to an end, who is told beforehand, and who until all is back (rules.md, row 5; feature A10).

    what ends                 30 d, 7 d before             7 d, 1 d before   at the end       1, 3, 7, 14 … 84 d later
    a certification           the person, the supervisors
    the person's own time                                  the person        the others       the person, the others
    they are frozen                                                          all of them      the person, the others
    (both only while they have something; the others are the supervisors and the manager)

Each (person, what, end, step, recipient) has one record, whatever runs twice or not at all: its id is made of these.
`Person.told` keeps up to where each end was told of; a renewed certification has another end, and begins anew. Of
several steps that are due at once each recipient gets the last, marked late; the others are superseded.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.alerts import MOST_SUPERVISORS
from toolcrib.domain.durations import iso
from toolcrib.domain.ids import derived, loan_of
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person, Told
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.record import Record, replace
from toolcrib.domain.reminders import LATE_AFTER, OUTBOX_PATIENCE

OWN: Final = "valid_until"  # the person's own time
FROZEN: Final = "frozen_at"  # disabled by an admin or the directory
CERTIFICATION: Final = "certification."  # and its name
ALL: Final = (To.HOLDER, To.SUPERVISOR, To.MANAGER)
AFTERWARDS: Final = tuple((timedelta(days=days), ALL) for days in (1, 3, *range(7, 85, 7)))
"""Until nothing is out any more, for twelve weeks; what is out for longer is long lost by its own loan's terms."""
STEPS: Final[Mapping[str, tuple[tuple[timedelta, tuple[To, ...]], ...]]] = {
    OWN: (
        (timedelta(days=-7), (To.HOLDER,)),
        (timedelta(days=-1), (To.HOLDER,)),
        (timedelta(), (To.SUPERVISOR, To.MANAGER)),
        *AFTERWARDS,
    ),
    FROZEN: ((timedelta(), ALL), *AFTERWARDS),
    CERTIFICATION: (
        (timedelta(days=-30), (To.HOLDER, To.SUPERVISOR)),
        (timedelta(days=-7), (To.HOLDER, To.SUPERVISOR)),
    ),
}
STALE_AFTER: Final = timedelta(days=7)  # nobody is told that a certification will expire that did so longer ago


class _Step(Record, frozen=True, kw_only=True):
    """One telling of one end, at a moment."""

    about: str
    ends_at: datetime
    offset: timedelta
    to: tuple[To, ...]

    @property
    def moment(self) -> datetime:
        return self.ends_at + self.offset


def next_look(person: Person) -> datetime | None:
    """Return when the sweeper has to look at the person; None where nothing comes to an end that was not told of."""
    return min((step.moment for step in _untold(person)), default=None)


def told(person: Person, now: datetime, site: Site | None) -> tuple[Person, tuple[Notice, ...]]:
    """Return the person after one look at `now`, at one of their ends, and the notices that it makes.

    `version` is as it was. While `next_look` of what is returned is not past `now` there is more to tell.
    """
    due = [step for step in _untold(person) if step.moment <= now]
    if not due:
        return person, ()
    about, ends_at = due[0].about, due[0].ends_at
    steps = sorted((step for step in due if step.about == about), key=lambda step: step.moment)
    noted = {key: each for key, each in person.told.items() if key in _ends(person)}
    after = replace(person, told={**noted, about: Told(ends_at=ends_at, upto=now)})
    return after, tuple(_notices(person, steps, now, site))


def certification_of(about: str) -> str | None:
    """Return the name of the certification that a telling is about; None for the person's own time."""
    return about.removeprefix(CERTIFICATION) if about.startswith(CERTIFICATION) else None


def owed(person: Person) -> tuple[str, ...]:
    """Return the names of what a person has on loan, the one due first first."""
    held = [each for key, each in person.holdings.items() if loan_of(key) is not None and each.state != "pending"]
    return tuple(each.name for each in sorted(held, key=lambda each: (each.until, each.name)))


def still_so(person: Person, about: str, ends_at: datetime) -> bool:
    """Whether a telling is true yet: the end is the same, and where they leave they still have something."""
    return _ends(person).get(about) == ends_at and (_certifies(about) or bool(owed(person)))


def _certifies(about: str) -> bool:
    return about.startswith(CERTIFICATION)


def _ends(person: Person) -> dict[str, datetime]:
    """Return when what ends, by what it is about; of who is frozen nothing else matters."""
    if not person.active:
        return {} if person.frozen_at is None else {FROZEN: person.frozen_at}
    ends = {
        f"{CERTIFICATION}{name}": each.valid_until
        for name, each in person.certifications.items()
        if each.valid_until is not None
    }
    return ends if person.valid_until is None else {**ends, OWN: person.valid_until}


def _untold(person: Person) -> Iterator[_Step]:
    """Yield every step that has not been told of the present ends."""
    for about, ends_at in sorted(_ends(person).items()):
        known = person.told.get(about)
        upto = known.upto if known is not None and known.ends_at == ends_at else None
        for offset, to in STEPS[CERTIFICATION if _certifies(about) else about]:
            if upto is None or ends_at + offset > upto:
                yield _Step(about=about, ends_at=ends_at, offset=offset, to=to)


def _notices(person: Person, steps: Sequence[_Step], now: datetime, site: Site | None) -> Iterator[Notice]:
    """Yield the records of steps that are due at once, in order; none where they say nothing (any more)."""
    about, ends_at = steps[0].about, steps[0].ends_at
    stale = _certifies(about) and now - ends_at > STALE_AFTER
    if stale or not still_so(person, about, ends_at):
        return
    pairs = [(step, to, who) for step in steps for to in step.to for who in _recipients(person, to, site)]
    last = {who: step for step, _, who in pairs}
    for step, to, who in pairs:
        sent = last[who] is step
        yield Notice(
            id=derived("notice", person.id, about, ends_at.isoformat(), iso(step.offset), to, who),
            person=person.id,
            about=about,
            ends_at=ends_at,
            site=person.site,
            step=iso(step.offset),
            to=to,
            recipient=who,
            via=Via.EMAIL,
            state=NoticeState.PENDING if sent else NoticeState.SUPERSEDED,
            late=step.moment > steps[0].moment or now - step.moment > LATE_AFTER,
            due_at=step.moment,
            wake_at=now + OUTBOX_PATIENCE if sent else None,
        )


def _recipients(person: Person, to: To, site: Site | None) -> tuple[str, ...]:
    """Return who is told, each once; whom it is about is told as the holder only."""
    if to is To.HOLDER:
        return (person.id,)
    others = site.supervisors[:MOST_SUPERVISORS] if to is To.SUPERVISOR and site is not None else ()
    named = (person.manager,) if to is To.MANAGER else others
    return tuple(dict.fromkeys(who for who in named if who is not None and who != person.id))
