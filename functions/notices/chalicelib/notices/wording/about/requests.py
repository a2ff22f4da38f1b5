"""A request to agree to a take: who is asked, and whoever asked once there is an answer."""

from typing import Final

from chalicelib.notices.wording.about.common import (
    bank,
    capital,
    holder,
    known_rows,
    reason,
    reference,
    thing,
)
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.authorisation_notices import Told
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.authorisers import lacking
from toolcrib.domain.policies import Authorisers
from toolcrib.send.words.marks import counted, sentence

ANYBODY: Final = counted(
    "{count} person who looks after the site", "{count} people who look after the site", by="count"
)
MEMBER: Final = counted("{count} person of {group}", "{count} people of {group}", by="count")
ASKED_FOR_IT: Final = sentence("You get this because you asked for it.")

Row = tuple[str, str]


def request_words(facts: Facts, request: Authorisation) -> Words:
    """Word a notice about a request, by its step."""
    if facts.notice.step == Told.ASKED:
        return _asked(facts, request)
    return _approved(facts, request) if facts.notice.step == Told.APPROVED else _refused(facts, request)


def _asked(facts: Facts, request: Authorisation) -> Words:
    say, what, who = facts.speech.say, thing(facts), holder(facts)
    lead = say(
        "{who} would like to take {thing} at {bank}, and may do so only if others agree. No door opens by that: it"
        " counts when they tap their badge next.",
        who=capital(who),
        thing=what,
        bank=bank(facts),
    )
    left = lacking(request.demands, request.approved)
    rows = (
        (say("What"), what),
        (say("Who"), who),
        (say("Locker"), facts.bank),
        (say("Site"), facts.site),
        (say("Has to agree"), ", ".join(_demanded(facts, each) for each in left)),
        (say("Answer until"), facts.speech.stamp(request.until)),
    )
    return Words(
        tone=Tone.CHECK,
        headline=say("{who} asks whether they may take {thing}", who=capital(who), thing=what),
        lead=lead,
        rows=known_rows(rows),
        steps=(
            say("You know what it is for, and it is all right? Approve."),
            say("You doubt it? Refuse, or ask them first. Without an answer nothing is taken."),
        ),
        why=reason(facts),
        reference=reference(facts),
    )


def _demanded(facts: Facts, demand: Authorisers) -> str:
    say = facts.speech.say
    if demand.group is None:
        return say(ANYBODY, count=demand.count)
    return say(MEMBER, count=demand.count, group=facts.groups.get(demand.group, demand.group))


def _approved(facts: Facts, request: Authorisation) -> Words:
    say = facts.speech.say
    return _answered(
        facts,
        say("You may take {thing}", thing=thing(facts)),
        say("Tap your badge and take it. What was agreed to counts once, and not for long."),
        say("Too late? Choose it at the locker again, and others are asked again."),
        (say("Agreed"), facts.answered_by),
        (say("Take it until"), facts.speech.stamp(request.until)),
    )


def _refused(facts: Facts, request: Authorisation) -> Words:
    say = facts.speech.say
    return _answered(
        facts,
        say("You may not take {thing}", thing=thing(facts)),
        say("Who was asked did not agree. Nothing was lent."),
        say("Talk to them, or choose something else."),
        (say("Answered"), facts.answered_by),
        (say("Since"), facts.speech.stamp(request.until)),
    )


def _answered(facts: Facts, headline: str, lead: str, step: str, by: Row, moment: Row) -> Words:
    say = facts.speech.say
    rows = ((say("What"), thing(facts)), by, (say("Locker"), facts.bank), moment)
    return Words(
        tone=Tone.CHECK,
        headline=headline,
        lead=lead,
        rows=known_rows(rows),
        steps=(step,),
        why=say(ASKED_FOR_IT),
        reference=reference(facts),
    )
