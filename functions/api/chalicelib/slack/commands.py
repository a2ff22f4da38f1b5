"""`/toolcrib who|where|mine|late|find`: answers that only whoever asked sees."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.slack import seeing, web_api
from chalicelib.slack.pressing import NOBODY, moment
from chalicelib.slack.who import principal_of
from toolcrib.domain.principals import Principal
from toolcrib.send.slack_text import section, sections, shown
from toolcrib.settings import settings
from toolcrib.store.people import find_person
from toolcrib.telemetry import logger

HELP: Final = (
    "/toolcrib mine: what you have, and until when",
    "/toolcrib who drill: who has it",
    "/toolcrib where drill: where it is",
    "/toolcrib find drill: which ones are free, and in which locker",
    "/toolcrib late: what should have been back",
)
NOT_FOR_YOU: Final = "Only who looks after things may ask that. /toolcrib mine shows what you have yourself."
WHICH: Final = "Say which one: a part of its name, or its id."
NOTHING: Final = "Nothing of that name is here."


def answer(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Answer a slash command in lines that only whoever asked sees."""
    org, now = settings().toolcrib_org, moment(context)
    verb, _, words = str(body.get("text") or "").strip().partition(" ")
    by = principal_of(org, str(body.get("user_id")), web_api.client(), now)
    lines = [NOBODY] if by is None else lines_for(by, verb.casefold(), shown(words), now)
    logger().info("slack", extra={"org": org, "outcome": "answered", "principal": by.subject if by else None})
    web_api.whisper(body.get("response_url"), "\n".join(lines), sections(lines) or [section(NOTHING)])


def lines_for(by: Principal, verb: str, words: str, now: datetime) -> list[str]:
    """Return the answer to one command; what is not understood is answered with what is."""
    known = _ANSWERS.get(verb)
    return list(HELP) if known is None else known(by, words, now)


def _mine(by: Principal, _: str, now: datetime) -> list[str]:
    person = find_person(by.org, by.person or "")
    held = seeing.holdings(person) if person is not None else []
    zone = seeing.zone_of(by.org, person.site if person is not None else None)
    lines = [
        f"{'⏰' if each.until < now else '•'} {shown(each.name)} · due {each.until.astimezone(zone):%a %d %b, %H:%M}"
        for _, each in held[: seeing.MOST]
    ]
    return lines or ["You have nothing."]


def _late(by: Principal, _: str, now: datetime) -> list[str]:
    look = seeing.asked(by, now)
    return [NOT_FOR_YOU] if look is None else seeing.late(look) or ["Nothing is late."]


def _who(by: Principal, words: str, now: datetime) -> list[str]:
    return _told(by, words, now, who=True)


def _where(by: Principal, words: str, now: datetime) -> list[str]:
    return _told(by, words, now, who=False)


def _told(by: Principal, words: str, now: datetime, *, who: bool) -> list[str]:
    look = seeing.asked(by, now)
    if look is None:
        return [NOT_FOR_YOU]
    return [WHICH] if not words else seeing.told_of(look, seeing.things(look, words), who=who) or [NOTHING]


def _find(by: Principal, words: str, now: datetime) -> list[str]:
    look = seeing.asked(by, now)
    if look is None:
        return [NOT_FOR_YOU]
    if not words:
        return [WHICH]
    return seeing.lying(seeing.things(look, words)) or ["None of them is in a locker."]


_ANSWERS: Final[Mapping[str, Callable[[Principal, str, datetime], list[str]]]] = {
    "mine": _mine,
    "late": _late,
    "who": _who,
    "where": _where,
    "find": _find,
}
