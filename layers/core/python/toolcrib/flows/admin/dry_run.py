"""May this person take this now? The same judgement as at the bank, without taking anything (feature B11)."""

from toolcrib.domain.doors import Bank, Content
from toolcrib.domain.people import Person
from toolcrib.domain.pins import Found, Shown
from toolcrib.domain.principals import Asked, Sight
from toolcrib.domain.rulebook import Given, RuleBook
from toolcrib.domain.rules import Verdict, evaluate, with_unit
from toolcrib.domain.units import best, units
from toolcrib.send.words.reader import reader
from toolcrib.send.words.saying import why_not
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import load_bank
from toolcrib.store.people import load_person
from toolcrib.store.pins import find_pin
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.whereabouts import located


def judge(
    asked: Asked, *, person: str, bank: str, asset: str | None, asset_type: str | None
) -> tuple[Verdict, str | None]:
    """Return the verdict for a person at a bank about an asset, or the best unit of a type; raises `NotFound`.

    With it comes what the bank would say where taking is refused: in the person's language, on the site's clock.

    Supervisors ask about their own banks and whoever might come there, a person about themself anywhere.
    """
    if asked.sight is Sight.OWN:
        asked.must_see("person", person=person)
    who, where = load_person(asked.org, person), load_bank(asked.org, bank)
    if asked.sight is Sight.SITES:
        asked.must_see("bank", site=where.site)
    book = located(asked.org, where, rule_book(asked.org, read_stamp(asked.org)), asset)
    given = _locked(asked, who)
    verdict = (
        _of_type(asked, who, where, asset_type or "", book, given)
        if asset is None
        else _of_asset(asked, who, where, asset, book, given)
    )
    refusal = verdict.refusal
    speak = reader(who, book.sites.get(where.site), asked.at)
    return verdict, None if refusal is None else why_not(refusal, speak)


def _locked(asked: Asked, who: Person) -> Given:
    """Return what a bank would find before it looked at any PIN: whether it is locked."""
    pin = find_pin(asked.org, who.id) if who.pin is not None and who.pin.is_set else None
    if pin is None or not pin.locked(asked.at):
        return Given()
    return Given(pin=Shown(found=Found.LOCKED, until=pin.locked_until))


def _of_asset(asked: Asked, who: Person, where: Bank, asset_id: str, book: RuleBook, given: Given) -> Verdict:
    asset = load_asset(asked.org, asset_id)
    here = ((content, door) for door in where.doors for content in door.contents if content.asset == asset.id)
    content, door = next(here, (Content.of(asset, asked.at), None))
    more = {"content": content, "door": door, "given": given}
    return evaluate(book.subject(who, None, asset.type, where, asked.at, **more), book)


def _of_type(asked: Asked, who: Person, where: Bank, kind: str, book: RuleBook, given: Given) -> Verdict:
    of_kind = units(where, book.types, asked.at).get(kind, ())
    judged = best(
        of_kind,
        lambda unit: evaluate(
            book.subject(who, None, kind, where, asked.at, content=unit.content, door=unit.door, given=given), book
        ),
        passes=lambda verdict: verdict.allowed or bool(verdict.needs),
        costs=lambda verdict: verdict.overrides,
    )
    if judged is None:
        return evaluate(book.subject(who, None, kind, where, asked.at, given=given), book)
    chosen, verdict = judged
    return with_unit(verdict, chosen)
