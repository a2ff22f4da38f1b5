"""What a bank's screen is given to show: options and refusals of an offer, in plain words."""

from collections.abc import Sequence

from msgspec import UNSET
from msgspec.structs import replace

from toolcrib.domain.judges.finding import Need, Remark
from toolcrib.domain.offers.option import Offer, Option, Refused
from toolcrib.domain.people import Holding, Person
from toolcrib.send.asking import questions_of
from toolcrib.send.sessions import LIFE, Session, seal
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import said, why_not
from toolcrib.wire.downs import OptionShown, PersonShown, RefusalShown, SessionDown, TermsShown


def session_screen(
    session: Session,
    person: Person,
    offered: Offer,
    reader: Reader,
    *,
    re: str,
    terms: TermsShown | None = None,
    asking: bool = True,
) -> SessionDown:
    """Return the message that lets a person choose, and the text that they are asked to accept, if any.

    `asking` is whether it has what is asked about the things as well.
    """
    asked = questions_of(offered.options, person.language)
    return SessionDown(
        re=re,
        session=seal(replace(session, terms=terms.sha256 if terms else None, asked=asking or not asked)),
        expires_at=session.begun_at + LIFE,
        person=PersonShown(display=display_name(person), language=person.language),
        options=tuple(_option(option, reader) for option in offered.options),
        refusals=(
            *(_no_room(held, reader) for held in offered.no_room),
            *(_refused(refused, reader) for refused in offered.refusals),
        ),
        terms=terms or UNSET,
        questions=asked if asked and asking else UNSET,
    )


def display_name(person: Person) -> str:
    """Return as much of a name as a screen in a hall may show: the first name and an initial."""
    first, *rest = person.name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def _option(option: Option, reader: Reader) -> OptionShown:
    return OptionShown(
        option=option.id,
        kind=str(option.kind),
        title=said(f"title.{option.kind}", {"thing": option.title}, reader),
        door=None if option.door is None else option.door.number,
        due_at=option.due_at,
        needs=_needs(option),
        note=_note(option.remarks, reader),
    )


def _needs(option: Option) -> tuple[str, ...]:
    """Return what a screen asks for: questions too, where the door waits for no answer."""
    asks = bool(option.asked.questions) and not option.asked.answers
    return tuple(map(str, dict.fromkeys((*option.needs, *((Need.ANSWERS,) if asks else ())))))


def _note(remarks: Sequence[Remark], reader: Reader) -> str | None:
    """Return in one line which unit it is, and what to know of it."""
    return " ".join(said(each.says, each.facts, reader) for each in remarks) or None


def _no_room(held: Holding, reader: Reader) -> RefusalShown:
    """A thing that may come back, but not here now (rules.md, law 1)."""
    return RefusalShown(title=held.name, code="not_here", text=said("not_here", {"thing": held.name}, reader))


def _refused(refused: Refused, reader: Reader) -> RefusalShown:
    return RefusalShown(title=refused.title, code=refused.refusal.code, text=why_not(refused.refusal, reader))
