"""What a message in Slack turns into once what it told is over: one line, and no buttons. Mail can not be changed."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from toolcrib.domain.amending import Ending
from toolcrib.send.slack_text import SECTION_LENGTH, context, fitted, section

SAID: Final[Mapping[str, Mapping[Ending, str]]] = {
    "en": {
        Ending.RETURNED: "{thing}: returned at {time}",
        Ending.HANDED_OVER: "{thing}: handed over at {time}",
        Ending.CLOSED: "{thing}: settled, nothing more to do",
        Ending.DUE_AGAIN: "{thing}: the due time has changed to {due}",
        Ending.RESOLVED: "Resolved at {time}: nothing more to do",
    },
    "de": {
        Ending.RETURNED: "{thing}: zurückgegeben um {time}",
        Ending.HANDED_OVER: "{thing}: übergeben um {time}",
        Ending.CLOSED: "{thing}: erledigt, nichts mehr zu tun",
        Ending.DUE_AGAIN: "{thing}: neue Rückgabezeit {due}",
        Ending.RESOLVED: "Geklärt um {time}: nichts mehr zu tun",
    },
    "es": {
        Ending.RETURNED: "{thing}: devuelto a las {time}",
        Ending.HANDED_OVER: "{thing}: entregado a otra persona a las {time}",
        Ending.CLOSED: "{thing}: resuelto, no queda nada por hacer",
        Ending.DUE_AGAIN: "{thing}: la hora de devolución es ahora {due}",
        Ending.RESOLVED: "Resuelto a las {time}: no queda nada por hacer",
    },
    "fr": {
        Ending.RETURNED: "{thing} : rendu à {time}",
        Ending.HANDED_OVER: "{thing} : remis à {time}",
        Ending.CLOSED: "{thing} : réglé, plus rien à faire",
        Ending.DUE_AGAIN: "{thing} : à rendre désormais pour {due}",
        Ending.RESOLVED: "Réglé à {time} : plus rien à faire",
    },
    "pl": {
        Ending.RETURNED: "{thing}: zwrócono o {time}",
        Ending.HANDED_OVER: "{thing}: przekazano o {time}",
        Ending.CLOSED: "{thing}: załatwione, nic więcej nie trzeba robić",
        Ending.DUE_AGAIN: "{thing}: nowy termin zwrotu {due}",
        Ending.RESOLVED: "Wyjaśniono o {time}: nic więcej nie trzeba robić",
    },
}
"""Times are on the site's clock; the day stands below, in the small print."""


def word(facts: Facts, ending: Ending) -> Message:
    """Return what stands in the place of a message that is over."""
    moment = _moment(facts).astimezone(facts.zone)
    due = facts.loan.due_at.astimezone(facts.zone) if facts.loan is not None else moment
    said = SAID.get(facts.language, SAID["en"])[ending]
    line = said.format(thing=facts.thing or facts.bank, time=f"{moment:%H:%M}", due=f"{due:%Y-%m-%d %H:%M}")
    small = " · ".join(filter(None, (f"{moment:%Y-%m-%d %H:%M}", facts.site, facts.holder)))
    blocks = [section(f"✅ {line}"), context(small)]
    summary = fitted(line, SECTION_LENGTH)
    return Message(subject=line, text=line, html="", summary=summary, blocks=blocks, tags=facts.tags)


def _moment(facts: Facts) -> Any:
    """Return when it ended, as far as the record tells; else now."""
    ended = facts.loan.returned_at if facts.loan is not None else facts.case.resolved_at if facts.case else None
    return ended or facts.now
