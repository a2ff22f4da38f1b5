"""Something of a person comes to an end: whoever should know beforehand gets a notice (domain/endings.py)."""

from datetime import datetime

from toolcrib.domain.change import Change
from toolcrib.domain.endings import next_look, told
from toolcrib.domain.notices import Notice
from toolcrib.domain.record import replace
from toolcrib.store import keys
from toolcrib.store.commit import commit
from toolcrib.store.people import load_person
from toolcrib.store.reads import find_many
from toolcrib.store.rulebook import book_with_site

MOST_ROUNDS = 60  # looks at one person in one run; the next run goes on


def tell(org: str, person_id: str, now: datetime) -> str:
    """Write the notices that are due at `now`, one end a transaction; returns what was done."""
    person, found = load_person(org, person_id), 0
    for _ in range(MOST_ROUNDS):
        look = next_look(person)
        if look is None or look > now:
            break
        site = book_with_site(org, person.site).sites.get(person.site or "")
        after, notices = told(person, now, site)
        new = _not_yet(org, notices)
        person = replace(after, version=person.version + 1)
        commit(org, Change(op=f"{person.id}.{now.isoformat()}", at=now, told=(person,), notices=new))
        found += len(new)
    return "ending_told" if found else "nobody_to_tell"


def _not_yet(org: str, notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Leave out what is on record: an end that was moved away and back again was told of before."""
    known = find_many(keys.notice(org, each.id) for each in notices) if notices else {}
    return tuple(each for each in notices if keys.notice(org, each.id) not in known)
