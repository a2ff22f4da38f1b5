"""Writing a roster down: so many people in a transaction, each of which says how far the import is by then.

Whoever is at work may die at any moment: the next round begins where the last transaction ended, and the sweeper goes
on with what has been left lying. A round that is repeated finds its people's shifts as they should be.
"""

from datetime import datetime

from toolcrib.domain.imports import Import, ImportState, gone_on
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.rostering.roster import Roster, rostered
from toolcrib.flows.attempts import until_committed
from toolcrib.store.imports import find_people, load_import, load_roster, save_shifts

CHUNK = 20  # people in a transaction: few enough that somebody who taps meanwhile seldom costs a repeat
MOST_ROUNDS = 30  # in one go; the sweeper does the rest


def carry_on(org: str, import_id: str, now: datetime) -> Import:
    """Go on with an import as far as others let us, and return how far it is; raises `NotFound`."""
    found = load_import(org, import_id)
    if found.state is not ImportState.RUNNING:
        return found
    roster = load_roster(org, import_id)
    for _ in range(MOST_ROUNDS):
        try:
            found = until_committed(lambda: _round(org, import_id, roster, now))
        except LostRace:  # what is left is the sweeper's next run's
            return found
        if found.state is not ImportState.RUNNING:
            break
    return found


def _round(org: str, import_id: str, roster: Roster, now: datetime) -> Import:
    before = load_import(org, import_id)
    if before.state is not ImportState.RUNNING:
        return before
    names = list(roster.people)[before.written : before.written + CHUNK]
    changed = []
    for name, person in find_people(org, names).items():
        shifts = rostered(person, roster.people[name], roster.span, now)
        if shifts != person.shifts:
            changed.append(replace(person, shifts=shifts, version=person.version + 1))
    after = gone_on(before, len(names), now)
    save_shifts(org, f"{import_id}.{before.version}", now, after, changed)
    return after
