"""A case's notices: what happened, where, and what to do about it."""

from chalicelib.notices.wording.english.case_kinds import KINDS
from chalicelib.notices.wording.english.common import door_of, place, reason, reference
from chalicelib.notices.wording.english.moments import stamp, when
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Words
from toolcrib.domain.cases import Case


def case_words(facts: Facts) -> Words:
    """Word a notice about a case, by its kind."""
    case = facts.case
    assert case is not None
    kind = KINDS[case.kind]
    known = _known(facts, case)
    return Words(
        tone=kind.tone,
        headline=kind.headline.format_map(known),
        lead=kind.happened.format_map(known),
        rows=_rows(facts, case),
        steps=tuple(step.format_map(known) for step in kind.steps),
        why=reason(facts),
        reference=reference(facts),
    )


def _known(facts: Facts, case: Case) -> dict[str, str]:
    named = {
        "door": door_of(facts),
        "bank": facts.bank or "a locker",
        "person": facts.holder or "somebody",
        "thing": facts.thing or "something",
    }
    opening = {name.capitalize(): _capital(phrase) for name, phrase in named.items()}
    return {**named, **opening, "when": when(case.opened_at, facts.now, facts.zone)}


def _rows(facts: Facts, case: Case) -> tuple[tuple[str, str], ...]:
    rows = (
        ("What", facts.thing),
        ("Where", ", ".join(part for part in (place(facts) if facts.bank else "", facts.site) if part)),
        ("When", stamp(case.opened_at, facts.zone)),
        ("Last seen with" if facts.thing else "Who", facts.holder),
        ("Noted", facts.remark),
    )
    return tuple((label, value) for label, value in rows if value)


def _capital(phrase: str) -> str:
    """Begin a sentence; a locker's or a person's own name stays as it is written."""
    return phrase[:1].upper() + phrase[1:] if phrase.startswith(("door ", "locker ", "a ", "some")) else phrase
