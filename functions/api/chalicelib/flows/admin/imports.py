"""Imports of rosters: judged as a whole, then written as a whole; one row that is wrong, and nothing is."""

from datetime import date

from chalicelib.flows.admin.editing import created
from toolcrib.domain.imports import MOST_ERRORS, Import, ImportState
from toolcrib.domain.principals import Asked, Sight
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import NotFound
from toolcrib.domain.rostering.roster import Question, Roster, roster
from toolcrib.domain.rostering.table import read
from toolcrib.flows.roster_import import carry_on
from toolcrib.store import listing
from toolcrib.store.imports import add_import, find_import, find_people, load_import
from toolcrib.store.listing import Page, Position
from toolcrib.store.rulebook import read_stamp, rule_book


class Wanted(Record, frozen=True, kw_only=True):
    """A roster as it was sent: `csv` with times of `site`, about the `days` from the first to the last, if given."""

    id: str
    site: str
    csv: str
    days: tuple[date, date] | None = None


def show(asked: Asked, import_id: str) -> Import:
    """Return an import; raises `NotFound`, also where the principal may not see it."""
    found = load_import(asked.org, import_id)
    asked.must_see("import", site=found.site)
    return found


def page(asked: Asked, limit: int, start: Position | None) -> Page:
    """Return a page of the imports the principal may see, latest first."""
    seen = asked.only(site="about.site")
    return listing.page(
        [listing.listing(asked.org, "imports", where=seen, newest_first=True)], limit=limit, start=start
    )


def check(asked: Asked, wanted: Wanted) -> Import:
    """Return what an import would come to, and write nothing; raises `Invalid` for what is no roster at all."""
    return _judged(asked, wanted)[0]


def create(asked: Asked, wanted: Wanted) -> Import:
    """Write a roster down and return how far that is; raises `AlreadyThere`, and `Invalid` as above.

    A repeat, however it comes about, goes on with what the first one began.
    """

    def save() -> None:
        judged, said = _judged(asked, wanted)
        sound = judged.state is ImportState.CHECKED
        new = replace(judged, state=ImportState.RUNNING) if sound else replace(judged, finished_at=asked.at)
        add_import(asked.org, asked.op, new, said if sound else None)

    def exists() -> bool:
        return find_import(asked.org, wanted.id) is not None

    created(asked, f"an import {wanted.id}", exists=exists, save=save)
    return carry_on(asked.org, wanted.id, asked.at)


def _judged(asked: Asked, wanted: Wanted) -> tuple[Import, Roster]:
    """Return what is to be said of an import, and what the import says of people."""
    asked.must_see("site", site=wanted.site)
    book = rule_book(asked.org, read_stamp(asked.org))
    if wanted.site not in book.sites:
        raise NotFound(detail="no such site")
    lines, unread = read(wanted.csv)
    found = find_people(asked.org, (line.person for line in lines if line.person))
    question = Question(
        site=book.sites[wanted.site],
        at=asked.at,
        days=wanted.days,
        people={name: person for name, person in found.items() if _may_change(asked, name, person.site)},
        groups=book.groups.keys(),
    )
    said, misunderstood = roster(lines, question)
    errors = sorted((*unread, *misunderstood), key=lambda error: (error.row, error.field))
    judged = Import(
        id=wanted.id,
        site=wanted.site,
        by=asked.by.actor,
        state=ImportState.REJECTED if errors else ImportState.CHECKED,
        at=asked.at,
        rows=len({line.row for line in lines} | {error.row for error in errors}),
        failed=len({error.row for error in errors}),
        past=said.past,
        shifts=said.shifts,
        people=len(said.people),
        errors=tuple(errors[:MOST_ERRORS]),
    )
    return judged, said


def _may_change(asked: Asked, person: str, site: str | None) -> bool:
    """Whether the principal may give this person groups: a supervisor at their sites, and never to themself."""
    return asked.sees(site=site) and (asked.sight is Sight.ORG or person != asked.by.person)
