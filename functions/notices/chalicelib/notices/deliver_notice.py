"""Deliver one notice: read it and what it is about again, claim it, word it, send it, record how that went."""

from datetime import datetime

from chalicelib.notices import deliver_digest
from chalicelib.notices.letters import Letter
from chalicelib.notices.mail_links import Links, links_of
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.readers import Reader, reader_of
from chalicelib.notices.recipients import addresses
from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.sending import outcome_of, recorded, saved, tell, tried
from chalicelib.notices.wording import word
from toolcrib.domain import outbox
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.policies import Via
from toolcrib.store.notices import load_notice
from toolcrib.store.said import note


def deliver(notice_id: str, org: str, now: datetime) -> NoticeState | None:
    """Deliver a notice if it is due; return the state it ended in, or None when it was not ours to touch.

    Whatever a channel answers ends on the record. Raises `NotFound` for an unknown notice, and what the store raises.
    """
    notice = load_notice(org, notice_id)
    if not outbox.ready(notice, now):
        if notice.state is NoticeState.GIVEN_UP and notice.version == 1:  # there was nobody to tell
            tell(org, notice, None, notice.state)
        return None
    if notice.parts:
        return deliver_digest.deliver(notice, org, now)
    said_of = notice.loan or notice.case or notice.authorisation
    if said_of is not None:  # before it is read: whatever ends it from now on finds the message
        note(org, said_of, notice.id, now)
    about = about_of(org, notice, now)
    reader = reader_of(org, notice, now)
    judged = (
        outbox.unwanted(notice)
        if reader.declines
        else outbox.judged(notice, about, now, reader.not_before, off_duty=reader.off_duty)
    )
    if judged is None or not saved(org, judged):
        return None
    if judged.state is not NoticeState.SENDING or about is None:
        tell(org, judged, about, "postponed" if judged.state is NoticeState.PENDING else judged.state)
        return judged.state
    ended = recorded(org, _tried(org, judged, about, reader, now))
    tell(org, ended, about, outcome_of(ended, judged))
    return ended.state


def _tried(org: str, notice: Notice, about: outbox.About, reader: Reader, now: datetime) -> Notice:
    """Send a notice that is ours, and return how it goes on the record."""
    recipient = reader.person
    places = addresses(notice, recipient, told_another_way=outbox.told_another_way(notice, about))
    if not places:
        return outbox.given_up(notice, "no_address")
    try:
        by_mail = any(place.via is Via.EMAIL for place in places)
        links = links_of(org, notice, recipient, now) if by_mail else Links()
    except NotSent as failure:
        return outbox.failed(notice, failure.code, now)
    message = word(facts_of(org, notice, about, recipient, now), links.answers, links.leave)

    def still_so(then: datetime) -> bool:
        return outbox.tells(notice, about_of(org, notice, then), then)

    letter = Letter(org, notice, (notice,), message, still_so, reader.cooldown)
    return tried(letter, places, now, recipient)
