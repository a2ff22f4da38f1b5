"""Who reads: their language, and the clock on the wall beside them."""

from datetime import datetime

from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site
from toolcrib.domain.record import Record


class Reader(Record, frozen=True, kw_only=True):
    """Whom a sentence is for. Times are told in `zone`; `now` decides whether the year needs saying."""

    language: str = ENGLISH
    zone: str = "UTC"
    now: datetime


def reader(person: Person | None, site: Site | None, now: datetime) -> Reader:
    """Return how to speak to a person at a site; nobody known is spoken to in the site's language."""
    return reader_of(None if person is None else person.language, site, now)


def reader_of(language: str | None, site: Site | None, now: datetime) -> Reader:
    """Return how to speak to somebody of whom only the language is known, or not even that."""
    wanted = language if language is not None or site is None else site.language
    return Reader(language=spoken(wanted) or ENGLISH, zone=site.time_zone if site else "UTC", now=now)
