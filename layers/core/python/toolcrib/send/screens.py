"""What a bank's screen is given to show: options and refusals of an offer, in plain words."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET
from msgspec.structs import replace

from toolcrib.domain.judges.finding import Remark
from toolcrib.domain.offers.option import Offer, Option, OptionKind, Refused
from toolcrib.domain.people import Holding, Person
from toolcrib.send.bank_words import refusal_words, words
from toolcrib.send.sessions import LIFE, Session, seal
from toolcrib.wire.downs import OptionShown, PersonShown, RefusalShown, SessionDown, TermsShown

TITLES: Mapping[OptionKind, str] = {
    OptionKind.TAKE: "Take {title}",
    OptionKind.RETURN: "Return {title}",
    OptionKind.NOT_TAKEN: "I did not take {title}",
    OptionKind.NOT_RETURNED: "I did not return {title}",
    OptionKind.RENEW: "Keep {title} longer",
}


def session_screen(
    session: Session, person: Person, offered: Offer, *, re: str, terms: TermsShown | None = None
) -> SessionDown:
    """Return the message that lets a person choose, and the text that they are asked to accept, if any."""
    return SessionDown(
        re=re,
        session=seal(replace(session, terms=terms.sha256 if terms else None)),
        expires_at=session.begun_at + LIFE,
        person=PersonShown(display=display_name(person), language=person.language),
        options=tuple(_option(option) for option in offered.options),
        refusals=(*map(_no_room, offered.no_room), *map(_refused, offered.refusals)),
        terms=terms or UNSET,
    )


def display_name(person: Person) -> str:
    """Return as much of a name as a screen in a hall may show: the first name and an initial."""
    first, *rest = person.name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def _option(option: Option) -> OptionShown:
    return OptionShown(
        option=option.id,
        kind=str(option.kind),
        title=TITLES[option.kind].format(title=option.title),
        door=None if option.door is None else option.door.number,
        due_at=option.due_at,
        needs=tuple(map(str, option.needs)),
        note=_note(option.remarks),
    )


def _note(remarks: Sequence[Remark]) -> str | None:
    """Return in one line which unit it is, and what to know of it."""
    said = (words(each.says, {name: str(fact) for name, fact in each.facts.items()}) for each in remarks)
    return " ".join(said) or None


def _no_room(held: Holding) -> RefusalShown:
    """A thing that may come back, but not here now (rules.md, law 1)."""
    text = words("not_here", {"thing": held.name, "elsewhere": "Please use another bank."})
    return RefusalShown(title=held.name, code="not_here", text=text)


def _refused(refused: Refused) -> RefusalShown:
    return RefusalShown(title=refused.title, code=refused.refusal.code, text=refusal_words(refused.refusal))
