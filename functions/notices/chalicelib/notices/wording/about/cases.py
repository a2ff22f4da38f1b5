"""A case's notices: what happened, where, and what to do about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

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
from toolcrib.domain.states import Move
from toolcrib.send.words.marks import sentence

REPAIRS: Final[Mapping[Move, str]] = {
    Move.STOW: sentence("Put on record in door {door} of {bank}, where it is seen"),
    Move.DECLARE_MISSING: sentence("Put on record as missing"),
}


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
            (say("Proposed"), _proposed(facts, case)),
            (say("Noted"), facts.remark),
        )
    )


def _proposed(facts: Facts, case: Case) -> str:
    """Return what tags propose, in words; empty where nothing is."""
    proposal = case.repair
    form = REPAIRS.get(proposal.move) if proposal is not None and proposal.move is not None else None
    if proposal is None or form is None:
        return ""
    return facts.speech.say(form, bank=proposal.bank or "", door=proposal.door or 0)
