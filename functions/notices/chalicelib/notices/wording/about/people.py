"""What comes to an end: a certification, or somebody's time while they still have something."""

from typing import Final

from chalicelib.notices.wording.about.common import Rows, capital, holder, known_rows, reason, reference
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.speech.moments import when
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.endings import FROZEN
from toolcrib.domain.policies import To
from toolcrib.send.words.marks import sentence

OWN_CERTIFICATION: Final = sentence("You get this because it is your certification.")
DATED_STAYS: Final = sentence("If {holder} stays longer, have the date changed; these messages stop then.")
FROZEN_STAYS: Final = sentence("If {holder} stays, have their account activated; these messages stop then.")


def person_words(facts: Facts) -> Words:
    """Word a notice about a person; what is said of the time is true at `facts.now`, whatever the step was."""
    return _certification(facts) if facts.certification else _leaving(facts)


def _certification(facts: Facts) -> Words:
    say, own, name = facts.speech.say, facts.notice.to is To.HOLDER, facts.certification
    over = _over(facts)
    headline = _certification_headline(facts, own=own, over=over)
    ask = say("Ask your supervisor for the training in time.")
    arrange = say("Arrange the training for {holder}.", holder=holder(facts))
    later = say("After that, what needs it cannot be taken.")
    already = say("What needs it cannot be taken any more.")
    return Words(
        tone=Tone.LATE if over else Tone.REMINDER,
        headline=headline,
        lead=f"{headline}. {already if over else later}",
        rows=_rows(facts, (say("Certification"), name), (say("Valid until"), _stamp(facts))),
        steps=(
            ask if own else arrange,
            say("Once the new date is entered, these messages stop by themselves."),
        ),
        why=reason(facts, OWN_CERTIFICATION if own else None),
        reference=reference(facts),
    )


def _certification_headline(facts: Facts, *, own: bool, over: bool) -> str:
    say, at = facts.speech.say, _when(facts)
    who, name = capital(holder(facts)), facts.certification
    if own:
        expires = say("Your certification {name} expires {when}", name=name, when=at)
        return say("Your certification {name} expired {when}", name=name, when=at) if over else expires
    expires = say("{holder}: certification {name} expires {when}", holder=who, name=name, when=at)
    expired = say("{holder}: certification {name} expired {when}", holder=who, name=name, when=at)
    return expired if over else expires


def _leaving(facts: Facts) -> Words:
    say, own = facts.speech.say, facts.notice.to is To.HOLDER
    things, over = ", ".join(facts.things), _over(facts)
    headline = _leaving_headline(facts, own=own, over=over)
    owed = say("Still on loan: {things}.", things=things or say("something"))
    ended = say("Returning is possible, taking is not.")
    back = say("Please see that it is back before then.")
    return Words(
        tone=Tone.LATE if over else Tone.REMINDER,
        headline=headline,
        lead=f"{headline}. {owed} {ended if over else back}",
        rows=_rows(facts, (say("Still on loan"), things), (say("Time ends"), _stamp(facts))),
        steps=_for_leaver(facts) if own else _for_others(facts),
        why=reason(facts),
        reference=reference(facts),
    )


def _leaving_headline(facts: Facts, *, own: bool, over: bool) -> str:
    say, at, who = facts.speech.say, _when(facts), capital(holder(facts))
    if own:
        ends = say("Your time here ends {when}, and something is still out", when=at)
        return say("Your time here ended {when}, and something is still out", when=at) if over else ends
    ends = say("{holder}: time here ends {when}, and something is still out", holder=who, when=at)
    ended = say("{holder}: time here ended {when}, and something is still out", holder=who, when=at)
    return ended if over else ends


def _for_leaver(facts: Facts) -> tuple[str, ...]:
    say = facts.speech.say
    return (
        say("Bring it to any locker with a free door and tap your badge."),
        say("Returning is always possible, also after that."),
    )


def _for_others(facts: Facts) -> tuple[str, ...]:
    say, who = facts.speech.say, holder(facts)
    return (
        say("Ask {holder} to bring it.", holder=who),
        say(FROZEN_STAYS if facts.notice.about == FROZEN else DATED_STAYS, holder=who),
    )


def _rows(facts: Facts, *rows: tuple[str, str]) -> Rows:
    say = facts.speech.say
    who = (say("Who"), "" if facts.notice.to is To.HOLDER else facts.holder)
    return known_rows((who, *rows, (say("Site"), facts.site)))


def _over(facts: Facts) -> bool:
    return facts.ends_at is not None and facts.now >= facts.ends_at


def _when(facts: Facts) -> str:
    """Return `on 5 December at 08:00, in 15 days`; the distance only where it lies ahead."""
    say, ends_at = facts.speech.say, facts.ends_at
    if ends_at is None:
        return say("soon")
    if _over(facts):
        return when(facts.speech, ends_at)
    return say("{when}, in {left}", when=ends_at, left=ends_at - facts.now)


def _stamp(facts: Facts) -> str:
    return facts.speech.stamp(facts.ends_at) if facts.ends_at is not None else ""
