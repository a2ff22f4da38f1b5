"""A digest in Slack as it reads now: what is over stands in its line, and the others stay as they are."""

from datetime import datetime

from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.wording import digest as wording
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from toolcrib.domain import amending
from toolcrib.domain.amending import Ending
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.store import keys, mapping
from toolcrib.store.reads import find_many


def message_of(org: str, digest: Notice, reader: Person | None, now: datetime) -> Message | None:
    """Return the digest's message, its lines in the order in which they went out; None where none is left."""
    wanted = [keys.notice(org, each) for each in digest.parts[: wording.MOST_LINES]]
    found = find_many(wanted)
    lines: list[tuple[Facts, Ending | None]] = []
    for key in wanted:
        part = mapping.to_notice(found[key]) if key in found else None
        about = about_of(org, part, now) if part is not None else None
        if part is not None and about is not None:
            lines.append((facts_of(org, part, about, reader, now), amending.ending(part, about)))
    if not lines:
        return None
    facts, endings = zip(*lines, strict=True)
    return wording.word(digest, facts, endings)
