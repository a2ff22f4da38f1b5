"""What a message in Slack turns into once what it told is over: one line, and no buttons. Mail can not be changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from toolcrib.domain.amending import Ending
from toolcrib.send.slack_text import SECTION_LENGTH, context, fitted, section
from toolcrib.send.words.marks import sentence

ENDINGS: Final[Mapping[Ending, str]] = {
    Ending.RETURNED: sentence("{thing}: returned at {time}"),
    Ending.HANDED_OVER: sentence("{thing}: handed over at {time}"),
    Ending.CLOSED: sentence("{thing}: settled, nothing more to do"),
    Ending.DUE_AGAIN: sentence("{thing}: the due time has changed to {due}"),
    Ending.AGREED: sentence("{thing}: {who} may take it, nothing more to do"),
    Ending.REFUSED: sentence("{thing}: refused, {who} may not take it"),
    Ending.UNANSWERED: sentence("{thing}: nobody answered in time"),
    Ending.RESOLVED: sentence("Resolved at {time}: nothing more to do"),
}
"""Times are on the site's clock; the day stands below, in the small print."""


def word(facts: Facts, ending: Ending) -> Message:
    """Return what stands in the place of a message that is over."""
    moment = _moment(facts).astimezone(facts.zone)
    line = said(facts, ending)
    small = " · ".join(filter(None, (f"{moment:%Y-%m-%d %H:%M}", facts.site, facts.answered_by or facts.holder)))
    blocks = [section(f"✅ {line}"), context(small)]
    summary = fitted(line, SECTION_LENGTH)
    return Message(subject=line, text=line, html="", summary=summary, blocks=blocks, tags=facts.tags)


def said(facts: Facts, ending: Ending) -> str:
    """Return in a line what became of it."""
    moment = _moment(facts).astimezone(facts.zone)
    due = facts.loan.due_at.astimezone(facts.zone) if facts.loan is not None else moment
    told = {"thing": facts.thing or facts.bank, "time": f"{moment:%H:%M}", "due": f"{due:%Y-%m-%d %H:%M}"}
    told["who"] = facts.holder
    return facts.speech.say(ENDINGS[ending], **told)


def _moment(facts: Facts) -> datetime:
    """Return when it ended, as far as the record tells; else now."""
    ended = facts.loan.returned_at if facts.loan is not None else facts.case.resolved_at if facts.case else None
    return ended or facts.now
