"""Deliver a digest: whatever of its parts is still so, in one message; each part ends on its own record."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.notices.letters import Letter
from chalicelib.notices.readers import Reader, reader_of
from chalicelib.notices.recipients import addresses
from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.sending import outcome_of, recorded, saved, tell, tried
from chalicelib.notices.wording import digest as wording
from chalicelib.notices.wording import word
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from toolcrib.domain import gathering, outbox
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.outbox import About
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Via
from toolcrib.domain.record import replace
from toolcrib.flows.apart import NOT_ITS_FAULT, Caught
from toolcrib.store import keys, mapping
from toolcrib.store.reads import Key, find_many
from toolcrib.store.said import note
from toolcrib.store.stumbles import notice_stumbled

CHUNK = 100  # items in one read; DynamoDB's limit

Told = list[tuple[Notice, About]]


def deliver(digest: Notice, org: str, now: datetime) -> NoticeState | None:
    """Deliver a digest that is `ready`; return the state it ended in, or None when it was not ours to touch.

    What of it was not told, since it is over or waits for a pause, is let go; the agenda looks at it by itself.
    """
    parts = _parts(org, digest)
    _note(org, digest, parts, now)
    told, rest = _sorted_out(org, parts, now)
    judged = _judged(org, digest, told, now)
    if judged is None or not saved(org, judged[0]):
        return None
    claimed, reader = judged
    for part in rest:
        saved(org, part)
    ended = claimed
    if claimed.state is NoticeState.SENDING and reader is not None:
        ended = recorded(org, _tried(org, claimed, told, reader, now))
    tell(org, ended, None, outcome_of(ended, claimed))
    if ended.state not in UNDELIVERED:
        _end(org, ended, told)
    return ended.state


def _note(org: str, digest: Notice, parts: list[Notice], now: datetime) -> None:
    """Note of a digest in Slack what its lines are about, before that is read: whatever ends it finds its line."""
    named = (part.loan or part.case for part in parts[: wording.MOST_LINES]) if digest.via is Via.SLACK else ()
    for about in dict.fromkeys(each for each in named if each is not None):
        note(org, about, digest.id, now)


def _judged(org: str, digest: Notice, told: Told, now: datetime) -> tuple[Notice, Reader | None] | None:
    if not told:
        return outbox.judged(digest, None, now) or digest, None
    reader = reader_of(org, digest, now)
    judged = outbox.in_time(digest, now, reader.not_before, off_duty=reader.off_duty)
    return None if judged is None else (judged, reader)


def _tried(org: str, digest: Notice, told: Told, reader: Reader, now: datetime) -> Notice:
    """Send it, and return how it goes on the record: with the parts that were told."""
    places = addresses(digest, reader.person, told_another_way=False)
    if not places:
        return outbox.given_up(digest, "no_address")
    told, first = _sayable(org, told, reader.person, now)
    if not told:
        return outbox.judged(digest, None, now) or digest
    whole = replace(digest, parts=tuple(part.id for part, _ in told))
    message = _alone(digest, first[0]) if len(told) == 1 else wording.word(whole, first)
    ours = tuple(part for part, _ in told)

    def still_so(then: datetime) -> bool:
        return len(_sorted_out(org, _parts(org, digest), then)[0]) == len(ours)

    ended = tried(Letter(org, whole, ours, message, still_so, reader.cooldown), places, now, reader.person)
    return ended if ended.state is NoticeState.SENT else replace(ended, parts=digest.parts)


def _alone(digest: Notice, facts: Facts) -> Message:
    """Return the message of the one part that is left, in the digest's name: what is said of a mail is said of that."""
    message = word(facts)
    return dataclasses.replace(message, tags={**message.tags, "notice": digest.id})


def _sayable(org: str, told: Told, reader: Person | None, now: datetime) -> tuple[Told, list[Facts]]:
    """Return the parts without those of which nothing can be said, which are set aside by themselves; and the facts."""
    lines, rest = told[: wording.MOST_LINES], told[wording.MOST_LINES :]
    sayable: Told = []
    facts: list[Facts] = []
    for part, about in lines:
        with Caught() as caught:
            facts.append(facts_of(org, part, about, reader, now))
            sayable.append((part, about))
            continue
        if isinstance(caught.error, NOT_ITS_FAULT):
            raise caught.error
        notice_stumbled(org, part.id, caught.code, now)
    return [*sayable, *rest], facts


def _end(org: str, digest: Notice, told: Told) -> None:
    """End the parts with their digest; whatever of this is not done the agenda brings back."""
    for part, _ in told:
        saved(org, gathering.over(part, digest))


def _parts(org: str, digest: Notice) -> list[Notice]:
    """Return the parts that wait for this digest, the one due first first."""
    found = _found(keys.notice(org, each) for each in digest.parts)
    mine = [each for each in mapping.readable(found.values()) if each.digest == digest.id and each.state in UNDELIVERED]
    return sorted(mine, key=lambda each: (each.due_at, each.id))


def _sorted_out(org: str, parts: list[Notice], now: datetime) -> tuple[Told, list[Notice]]:
    """Return what of them may be told, with what it is about, read just now; and the rest, over or put off."""
    loans = _found({keys.loan(org, each.loan) for each in parts if each.loan is not None})
    told: Told = []
    rest: list[Notice] = []
    for part in parts:
        item = loans.get(keys.loan(org, part.loan or ""))
        about = about_of(org, part, now) if part.loan is None else mapping.to_loan(item) if item is not None else None
        if about is not None and outbox.tells(part, about, now):
            told.append((part, about))
        else:
            alone = gathering.released(part, now)
            rest.append(outbox.judged(replace(alone, version=part.version), about, now) or alone)
    return told, rest


def _found(wanted: Iterable[Key]) -> dict[Key, Any]:
    every = sorted(wanted)
    found: dict[Key, Any] = {}
    for begin in range(0, len(every), CHUNK):
        found |= find_many(every[begin : begin + CHUNK])
    return found
