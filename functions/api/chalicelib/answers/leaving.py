"""Ending what somebody is told once a day or a week, by the link in a mail: pressed, or by their mail program."""

from collections.abc import Mapping
from typing import Final

from chalicelib.answers.pages import render
from chalicelib.answers.standing import State
from chalicelib.answers.words import CHANGES_NOTHING, CLOSE, HEADLINES, WHY, say
from chalicelib.web.answers import Answer
from chalicelib.web.call import Visit
from toolcrib import secrets
from toolcrib.domain.digests import DAILY, WEEKLY
from toolcrib.domain.ids import derived
from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.flows.attempts import until_committed
from toolcrib.send.unsubscribing import Leaving, believed
from toolcrib.send.words.marks import sentence
from toolcrib.settings import settings
from toolcrib.store.people import describe_person, find_person, load_person

WILL: Final[Mapping[str, str]] = {
    DAILY: sentence("You are no longer told once a day how it stands. What you are told on duty still comes."),
    WEEKLY: sentence("You are no longer told once a week how it stands. What you are told on duty still comes."),
}
PRESS: Final = sentence("Yes, send me no more of these")
BACK: Final = sentence("An administrator can turn it on again for you.")


def look(token: str, visit: Visit) -> Answer[str]:
    """Show what the link will do. Changes nothing, since scanners of mail open links."""
    leaving, person, state = _found(token, visit)
    return _page(leaving, person, state)


def press(token: str, visit: Visit) -> Answer[str]:
    """Do it, and again is the same: RFC 8058 knows no second step."""
    leaving, person, state = _found(token, visit)
    if leaving is not None and person is not None and state is State.READY:
        _leave(leaving, visit)
        state = State.DONE
    return _page(leaving, person, state)


def _found(token: str, visit: Visit) -> tuple[Leaving | None, Person | None, State]:
    leaving = believed(secrets.answers(), token, org=settings().toolcrib_org)
    if leaving is None:
        return None, None, State.UNKNOWN
    person = find_person(leaving.org, leaving.person)
    if person is None:
        return leaving, None, State.NOT_ALLOWED
    return leaving, person, State.READY if visit.at < leaving.expires_at else State.EXPIRED


def _leave(leaving: Leaving, visit: Visit) -> None:
    def once() -> None:
        before = load_person(leaving.org, leaving.person)
        if leaving.kind in before.unsubscribed:
            return
        left = (*before.unsubscribed, leaving.kind)
        after = replace(before, unsubscribed=left, version=before.version + 1)
        op = derived("unsubscribe", leaving.org, leaving.person, leaving.kind, str(before.version))
        describe_person(leaving.org, op, visit.at, after, before)

    until_committed(once)


def _page(leaving: Leaving | None, person: Person | None, state: State) -> Answer[str]:
    language = spoken(person.language) or ENGLISH if person is not None else ENGLISH
    known = leaving is not None and state in {State.READY, State.DONE}
    shown = {
        "language": language,
        "state": str(state),
        "headline": say(HEADLINES[state], language),
        "text": say(WILL[leaving.kind] if known and leaving is not None else WHY[state], language),
        "about": say(BACK, language) if state is State.DONE else "",
        "press": say(PRESS, language) if state is State.READY else "",
        "small": say(CHANGES_NOTHING if state is State.READY else CLOSE, language),
    }
    return render(shown, state)
