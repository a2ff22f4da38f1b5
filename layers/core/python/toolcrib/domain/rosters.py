"""Rosters: shifts that give a person groups for a while, and say when what they borrowed has to be back.

A shift that is over gives nothing any more: the moment decides, and nobody has to take anything away.
"""

from datetime import datetime

from toolcrib.domain.people import Person, Shift


def groups_of(person: Person, at: datetime) -> tuple[str, ...]:
    """Return the groups that a person belongs to at a moment: their own, then those of the shifts that are running."""
    lent = (group for shift in running(person, at) for group in shift.groups)
    return tuple(dict.fromkeys((*person.groups, *lent)))


def running(person: Person, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that `at` lies in: the moment one begins is in it, the moment it ends is not."""
    return tuple(shift for shift in person.shifts if shift.starts <= at < shift.ends)


def shift_end(person: Person, at: datetime) -> datetime | None:
    """Return when the running shift ends, the last of several; None where none is running."""
    return max((shift.ends for shift in running(person, at)), default=None)
