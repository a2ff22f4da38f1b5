"""Kits that may be taken here: lent as a whole, out of one door, if every part of it may be taken.

All rules judge each part, as if those before it were in the person's hands already: they count for limits and pairs,
and an override that one has used is gone for the next. What is needed (a PIN, terms, others who agree) is brought once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import field

from toolcrib.domain.authorisers import Spent
from toolcrib.domain.change import Unchanged
from toolcrib.domain.doors import Bank, Content, Door, Mode
from toolcrib.domain.judges.authorisers import spending, still_lacking
from toolcrib.domain.judges.finding import Need, Remark
from toolcrib.domain.judges.terms import accepting, to_show
from toolcrib.domain.kits import Kit
from toolcrib.domain.loans import LoanState
from toolcrib.domain.offers.option import Option, OptionKind, Refused, Taking, can_go_on
from toolcrib.domain.pairing import resting_on
from toolcrib.domain.people import Holding
from toolcrib.domain.questions import When, asked
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.rules import Verdict, evaluate
from toolcrib.domain.units import Unit, lendable

Ask = Callable[[Unit], Subject]


class Gathered(Record, frozen=True, kw_only=True):
    """What of a kit lies in one door, in the order of its parts, and what does not, with its name if that is known."""

    kit: Kit
    units: tuple[Unit, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)


class Judged(Record, frozen=True, kw_only=True):
    """A part, the question about it, and the answer."""

    unit: Unit
    subject: Subject
    verdict: Verdict


def offered(bank: Bank, book: RuleBook, ask: Ask) -> tuple[tuple[Option, ...], tuple[Refused, ...]]:
    """Return the kits on offer and those that are refused; of one that has no part here nothing is said."""
    found = [gathered for kit in _in_use(book) if (gathered := gather(kit, bank)) is not None]
    judged = [(gathered, judge(gathered, book, ask)) for gathered in found]
    go_on = [can_go_on(together(parts), bank) for _, parts in judged]
    screen = bank.mode is Mode.KIOSK
    lent = [_option(*each, book, screen=screen) for each, on in zip(judged, go_on, strict=True) if on]
    refused = [_refused(*each) for each, on in zip(judged, go_on, strict=True) if not on]
    return tuple(lent), tuple(refused)


def gather(kit: Kit, bank: Bank) -> Gathered | None:
    """Return the door that holds most of a kit's parts, the lowest of several; None where none can be lent here."""
    places = ((door, _parts_in(door, kit)) for door in bank.doors if lendable(door))
    door, here = max(places, key=lambda place: (len(place[1]), -place[0].number), default=(None, ()))
    if door is None or not here:
        return None
    names = {content.asset: content.name for each in bank.doors for content in each.contents}
    there = {content.asset for content in here}
    elsewhere = {part: names.get(part, part) for part in kit.parts if part not in there}
    return Gathered(kit=kit, units=tuple(Unit(content=each, door=door) for each in here), elsewhere=elsewhere)


def judge(gathered: Gathered, book: RuleBook, ask: Ask) -> tuple[Judged, ...]:
    """Judge every part that is there, each as if those before it had been taken; what is missing stands against all."""
    judged: list[Judged] = []
    for unit in gathered.units:
        subject = _after(ask(unit), judged, gathered)
        known = _without(book, judged)
        judged.append(Judged(unit=unit, subject=subject, verdict=evaluate(subject, known)))
    return tuple(judged)


def together(parts: tuple[Judged, ...]) -> Verdict:
    """Return one answer for all parts: it is allowed where each is, and due when the first of them is."""
    refused = _against(parts)
    verdicts = [part.verdict for part in parts]
    curable = all(verdict.allowed or verdict.needs for verdict in verdicts)
    needs = [need for verdict in verdicts for need in verdict.needs]
    return replace(
        verdicts[0],
        refused=None if refused is None else refused.verdict.refused,
        needs=tuple(dict.fromkeys(needs)) if curable else (),
        due=min((verdict.due for verdict in verdicts), key=lambda due: due.at),
        parts=tuple((part.unit.content.asset, part.verdict) for part in parts),
        overrides=tuple(key for verdict in verdicts for key in verdict.overrides),
    )


def _against(parts: tuple[Judged, ...]) -> Judged | None:
    """Return the part that speaks against it: one that nothing can be done about, else the first that needs more."""
    refused = [part for part in parts if not part.verdict.allowed]
    return next((part for part in refused if not part.verdict.needs), next(iter(refused), None))


def _in_use(book: RuleBook) -> Iterator[Kit]:
    return (kit for _, kit in sorted(book.kits.items()) if kit.active)


def _parts_in(door: Door, kit: Kit) -> tuple[Content, ...]:
    inside = {content.asset: content for content in door.contents}
    return tuple(inside[part] for part in kit.parts if part in inside)


def _after(subject: Subject, before: Iterable[Judged], gathered: Gathered) -> Subject:
    """Return the question as it is once the parts before were taken; what they have of the kit is not missing."""
    has = {held.asset for held in subject.person.holdings.values()}
    taken, used = {}, set()
    for part in before:
        content = part.unit.content
        taken[f"part-{content.asset}"] = Holding(
            asset=content.asset,
            type=content.type,
            name=content.name,
            state=str(LoanState.PENDING),
            bank=subject.bank,
            door=part.unit.door.number,
            site=subject.site.id,
            since=subject.at,
            until=subject.at,
        )
        used |= set(part.verdict.overrides)
    left = {key: each for key, each in subject.person.overrides.items() if key not in used}
    person = replace(subject.person, holdings={**subject.person.holdings, **taken}, overrides=left)
    missing = tuple(name for asset, name in gathered.elsewhere.items() if asset not in has)
    return replace(subject, person=person, kit=gathered.kit, missing=missing)


def _without(book: RuleBook, before: Iterable[Judged]) -> RuleBook:
    """Return the rule book as it is once the parts before are out: what they lock out stays in."""
    out = {part.unit.content.asset for part in before}
    if not out & book.whereabouts.keys():
        return book
    where = {key: replace(each, is_in=each.is_in and key not in out) for key, each in book.whereabouts.items()}
    return replace(book, whereabouts=where)


def _option(gathered: Gathered, parts: tuple[Judged, ...], book: RuleBook, *, screen: bool) -> Option:
    kit, first, verdict = gathered.kit, parts[0], together(parts)
    wordings = (to_show(part.subject, book) for part in parts)
    lacking = [demand for part in parts for demand in still_lacking(part.subject, book)]
    takings = [_taking(part, book, screen=screen and part is first) for part in parts]
    questions = takings[0].asked
    return Option(
        id=f"{OptionKind.TAKE}:kit:{kit.id}",
        kind=OptionKind.TAKE,
        title=kit.name,
        door=first.unit.door,
        asset=first.unit.content.asset,
        content=first.unit.content,
        due_at=verdict.due.at,
        verdict=verdict,
        needs=(*verdict.needs, *((Need.ANSWERS,) if questions.missing else ())),
        asked=questions,
        remarks=tuple(_remarks(parts)),
        unless=tuple(_unless(parts, book)),
        terms=next((wording for wording in wordings if wording is not None), None)
        if Need.TERMS in verdict.needs
        else None,
        accepts={key: each for part in parts for key, each in accepting(part.subject, book).items()},
        lacking=tuple(dict.fromkeys(lacking)),
        spends=_spending(parts, book),
        kit=kit.id,
        parts=tuple(takings),
    )


def _taking(part: Judged, book: RuleBook, *, screen: bool) -> Taking:
    """Return what is taken of a part; a screen asks about the first only, and of the others that goes on record."""
    subject = part.subject
    questions = asked(subject.asset_type.questions, When.TAKE, subject.given.answers, screen=screen)
    spends = spending(part.subject, book)
    lacks = spends.demands if spends is not None and still_lacking(part.subject, book) else ()
    return Taking(content=part.unit.content, verdict=part.verdict, lacks=lacks, asked=questions)


def _unless(parts: tuple[Judged, ...], book: RuleBook) -> Iterator[Unchanged]:
    for part in parts:
        yield from resting_on(book.pairs.values(), book.whereabouts, part.unit.content.asset)


def _remarks(parts: tuple[Judged, ...]) -> Iterator[Remark]:
    """Tell what is in it, and what is to be known of any part, each after its name."""
    yield Remark(says="unit.only", facts={"thing": ", ".join(part.unit.content.name for part in parts)})
    for part in parts:
        for remark in part.verdict.remarks:
            yield Remark(says="unit.part", facts={"thing": part.unit.content.name})
            yield remark


def _spending(parts: tuple[Judged, ...], book: RuleBook) -> Spent | None:
    """Return what is used up for all parts: whoever agreed has agreed to the whole kit, once."""
    spent = [each for part in parts if (each := spending(part.subject, book)) is not None]
    if not spent:
        return None
    return Spent(
        demands=tuple(dict.fromkeys(demand for each in spent for demand in each.demands)),
        session=next((each.session for each in spent if each.session is not None), None),
        requests=tuple(sorted({request for each in spent for request in each.requests})),
        approvers=tuple(dict.fromkeys(who for each in spent for who in each.approvers)),
    )


def _refused(gathered: Gathered, parts: tuple[Judged, ...]) -> Refused:
    kit, against = gathered.kit, _against(parts)
    if against is None or against.verdict.refusal is None:
        raise ValueError(kit.id)
    whole = against.verdict.code == "kit_incomplete"
    title = kit.name if whole else f"{kit.name} ({against.unit.content.name})"
    return Refused(option=f"{OptionKind.TAKE}:kit:{kit.id}", title=title, refusal=against.verdict.refusal)
