"""`/toolcrib who|where|mine|late|find`: answers that only whoever asked sees, in their language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.slack import seeing, web_api, words
from chalicelib.slack.pressing import NOBODY, moment
from chalicelib.slack.seeing import Listener
from chalicelib.slack.who import Known, known_as
from chalicelib.slack.words import say
from toolcrib.domain.principals import Asked
from toolcrib.send.slack_text import section, sections, shown
from toolcrib.settings import settings
from toolcrib.telemetry import logger


def answer(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Answer a slash command in lines that only whoever asked sees."""
    org, now = settings().toolcrib_org, moment(context)
    verb, _, rest = str(body.get("text") or "").strip().partition(" ")
    known = known_as(org, str(body.get("user_id")), web_api.client(), now)
    lines = [NOBODY] if known is None else lines_for(known, verb.casefold(), shown(rest), now)
    principal = known.by.subject if known else None
    logger().info("slack", extra={"org": org, "outcome": "answered", "principal": principal})
    web_api.whisper(body.get("response_url"), "\n".join(lines), sections(lines) or [section(words.NOTHING)])


def lines_for(known: Known, verb: str, rest: str, now: datetime) -> list[str]:
    """Return the answer to one command; what is not understood is answered with what is."""
    how = seeing.reader(known, now)
    if verb == "mine":
        return seeing.held_lines(known.person, how) or [say(words.YOU_HAVE_NOTHING, how)]
    answered = _ANSWERS.get(verb)
    if answered is None:
        return [say(each, how) for each in words.HELP]
    look = seeing.asked(known.by, now)
    return [say(words.NOT_FOR_YOU, how)] if look is None else answered(look, rest, how)


def _late(look: Asked, _: str, how: Listener) -> list[str]:
    return seeing.late(look, how) or [say(words.NOTHING_LATE, how)]


def _who(look: Asked, rest: str, how: Listener) -> list[str]:
    return _told(look, rest, how, who=True)


def _where(look: Asked, rest: str, how: Listener) -> list[str]:
    return _told(look, rest, how, who=False)


def _told(look: Asked, rest: str, how: Listener, *, who: bool) -> list[str]:
    if not rest:
        return [say(words.WHICH, how)]
    return seeing.told_of(look, seeing.things(look, rest), how, who=who) or [say(words.NOTHING, how)]


def _find(look: Asked, rest: str, how: Listener) -> list[str]:
    if not rest:
        return [say(words.WHICH, how)]
    return seeing.lying(seeing.things(look, rest), how) or [say(words.NONE_LYING, how)]


_ANSWERS: Final[Mapping[str, Callable[[Asked, str, Listener], list[str]]]] = {
    "late": _late,
    "who": _who,
    "where": _where,
    "find": _find,
}
