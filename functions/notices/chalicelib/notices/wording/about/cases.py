"""A case's notices: what happened, where, and what to do about it."""

from datetime import datetime

from chalicelib.notices.wording.about.case_kinds import KINDS
from chalicelib.notices.wording.about.common import (
    Rows,
    bank,
    capital,
    door_of,
    holder,
    known_rows,
    place,
    reason,
    reference,
    thing,
)
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Words
from toolcrib.domain.cases import Case


def case_words(facts: Facts) -> Words:
    """Word a notice about a case, by its kind."""
    case = facts.case
    assert case is not None
    kind, say = KINDS[case.kind], facts.speech.say
    known = _known(facts, case)
    return Words(
        tone=kind.tone,
        headline=say(kind.headline, **known),
        lead=say(kind.happened, **known),
        rows=_rows(facts, case),
        steps=tuple(say(step, **known) for step in kind.steps),
        why=reason(facts),
        reference=reference(facts),
    )


def _known(facts: Facts, case: Case) -> dict[str, str | datetime]:
    """Return what fills the sentences; with a capital it begins one, where it is a phrase of ours and not a name."""
    named = {
        "door": (door_of(facts), True),
        "bank": (bank(facts), not facts.bank),
        "person": (holder(facts), not facts.holder),
        "thing": (thing(facts), not facts.thing),
    }
    inside = {name: phrase for name, (phrase, _) in named.items()}
    opening = {name.capitalize(): capital(phrase) if ours else phrase for name, (phrase, ours) in named.items()}
    return {**inside, **opening, "when": case.opened_at}


def _rows(facts: Facts, case: Case) -> Rows:
    say = facts.speech.say
    where = ", ".join(part for part in (place(facts) if facts.bank else "", facts.site) if part)
    return known_rows(
        (
            (say("What"), facts.thing),
            (say("Where"), where),
            (say("When"), facts.speech.stamp(case.opened_at)),
            (say("Last seen with") if facts.thing else say("Who"), facts.holder),
            (say("Noted"), facts.remark),
        )
    )
