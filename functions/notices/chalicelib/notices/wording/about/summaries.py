"""A digest of how things stand: a site's day for who looks after it, a week for who owns what is lent."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.notices.wording.about.common import Rows, known_rows
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.digests import DAILY, Summary, Thing
from toolcrib.domain.policies import To
from toolcrib.send.slack_text import shown
from toolcrib.send.words.marks import sentence

LINE_LENGTH: Final = 200
STATES: Final[Mapping[str, str]] = {
    "missing": sentence("Missing: {thing}"),
    "unconfirmed": sentence("Nobody knows where it is: {thing}"),
    "low": sentence("Charge low, {percent} %: {thing} in door {door} of {bank}"),
    "shut": sentence("Out of use: door {door} of {bank}"),
}
WHY: Final[Mapping[To, str]] = {
    To.SUPERVISOR: sentence("You get this once a day, because you supervise {site}."),
    To.CHANNEL: sentence("This channel is told once a day how things stand at {site}."),
    To.OWNER: sentence("You get this once a week, because things of this type are yours to look after."),
}


def summary_words(facts: Facts, summary: Summary, headlines: Sequence[str]) -> Words:
    """Word a digest; `headlines` are those of the loans and cases that it names, in its order."""
    say = facts.speech.say
    daily = facts.notice.step == DAILY
    late, due = summary.late, summary.due_today
    count, left = summary.told, summary.told - summary.named
    headline = (
        say("{site} today, to look at: {count}", site=facts.site or say("this site"), count=count)
        if daily
        else say("Your things this week, to look at: {count}", count=count)
    )
    lines = [*(line[:LINE_LENGTH] for line in headlines), *(_thing(facts, each) for each in summary.things)]
    more = [say("and {count} more; all of them are on the lists of loans, cases and assets", count=left)]
    return Words(
        tone=Tone.LATE if late or summary.trouble else Tone.REMINDER,
        headline=headline,
        lead=say("Late: {late}. Due today: {due}. Out in all: {out}.", late=late, due=due, out=summary.out),
        rows=_rows(facts, summary),
        steps=(*lines, *(more if left > 0 else ())),
        why=say(WHY[facts.notice.to], site=facts.site or say("this site")),
        reference=say("Digest {id} · {period}", id=facts.notice.id, period=facts.notice.period or ""),
    )


def _thing(facts: Facts, thing: Thing) -> str:
    name, bank, door = shown(thing.name), shown(thing.bank), thing.door or 0
    return facts.speech.say(STATES[thing.state], thing=name, bank=bank, door=door, percent=thing.percent)


def _rows(facts: Facts, summary: Summary) -> Rows:
    say = facts.speech.say
    counts = (
        (say("Out"), summary.out),
        (say("Due today"), summary.due_today),
        (say("Late"), summary.late),
        (say("Missing"), summary.missing),
        (say("Broken"), summary.broken),
        (say("Doors and lockers"), summary.trouble),
        (say("Charge low"), summary.low),
        (say("Other open cases"), summary.other),
    )
    told = [(label, str(count) if count else "") for label, count in counts]
    return known_rows((*told, (say("Seen by readers"), _seen(facts, summary))))


def _seen(facts: Facts, summary: Summary) -> str:
    """Return what the night's inventory came to; empty where none was taken, or nothing could be compared."""
    night = summary.inventory
    if night is None or not night.agrees + night.differs:
        return ""
    form = sentence("{agrees} as on record, {differs} not, {unchecked} not checked")
    return facts.speech.say(form, agrees=night.agrees, differs=night.differs, unchecked=night.unchecked)
