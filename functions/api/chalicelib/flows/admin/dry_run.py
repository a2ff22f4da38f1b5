"""May this person take this now? The same judgement as at the bank, without taking anything (feature B11)."""

from datetime import datetime
from typing import Any

from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.kits import Kit, kit_of
from toolcrib.domain.offers.kits import gather, together
from toolcrib.domain.offers.kits import judge as judge_kit
from toolcrib.domain.people import Person
from toolcrib.domain.pins import Found, Shown
from toolcrib.domain.principals import Asked, Sight
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.rulebook import Given, RuleBook, Subject
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


class Question(Record, frozen=True, kw_only=True):
    """Who would stand at which bank; for an `asset`, or the best unit of an `asset_type`.

    With a `borrower` it would be that account's loan, which the person borrows for.
    """

    person: str
    bank: str
    borrower: str | None = None
    asset: str | None = None
    asset_type: str = ""


def judge(asked: Asked, question: Question) -> tuple[Verdict, str | None]:
    """Return the verdict; raises `NotFound`, and `Invalid` for a borrower that the person does not borrow for.

    With it comes what the bank would say where taking is refused: in the person's language, on the site's clock.

    Supervisors ask about their own banks and whoever might come there, a person about themself anywhere.
    """
    if asked.sight is Sight.OWN:
        asked.must_see("person", person=question.person)
    who, where = load_person(asked.org, question.person), load_bank(asked.org, question.bank)
    if asked.sight is Sight.SITES:
        asked.must_see("bank", site=where.site)
    asset = question.asset
    book = located(asked.org, where, rule_book(asked.org, read_stamp(asked.org)), asset)
    here = _Here(who=who, borrower=_borrower(asked, who, question.borrower), bank=where, book=book, at=asked.at)
    given = _locked(asked, who)
    verdict = _of_type(here, question.asset_type, given) if asset is None else _of_asset(asked, here, asset, given)
    refusal = verdict.refusal
    speak = reader(who, book.sites.get(where.site), asked.at)
    return verdict, None if refusal is None else why_not(refusal, speak)


class _Here(Record, frozen=True, kw_only=True):
    """Who stands where, for whom, and by which rules."""

    who: Person
    borrower: Person | None
    bank: Bank
    book: RuleBook
    at: datetime

    def judged(self, kind: str, given: Given, content: Content | None = None, door: Door | None = None) -> Verdict:
        """Return the verdict about a kind of thing, or about a unit of it."""
        return evaluate(self._subject(kind, content=content, door=door, given=given), self.book)

    def question(self, content: Content, given: Given, door: Door | None = None, **more: Any) -> Subject:
        """Return the question about a unit; `more` is what is known of its kit."""
        return self._subject(content.type, content=content, door=door, given=given, **more)

    def _subject(self, kind: str, **more: Any) -> Subject:
        borrower, actor = (self.who, None) if self.borrower is None else (self.borrower, self.who)
        return self.book.subject(borrower, None, kind, self.bank, self.at, actor=actor, **more)


def _borrower(asked: Asked, who: Person, borrower: str | None) -> Person | None:
    if borrower is None:
        return None
    if borrower not in who.borrows_for:
        wrong = f"is no account that {who.id} borrows for"
        raise Invalid(detail=f"{borrower} {wrong}", fields={"borrower": wrong})
    return load_person(asked.org, borrower)


def _locked(asked: Asked, who: Person) -> Given:
    """Return what a bank would find before it looked at any PIN: whether it is locked."""
    pin = find_pin(asked.org, who.id) if who.pin is not None and who.pin.is_set else None
    if pin is None or not pin.locked(asked.at):
        return Given()
    return Given(pin=Shown(found=Found.LOCKED, until=pin.locked_until))


def _of_asset(asked: Asked, here: _Here, asset_id: str, given: Given) -> Verdict:
    asset = load_asset(asked.org, asset_id)
    kit = kit_of(here.book.kits.values(), asset.id)
    if kit is not None:
        return _of_kit(here, kit, asset, given)
    lying = ((content, door) for door in here.bank.doors for content in door.contents if content.asset == asset.id)
    return here.judged(asset.type, given, *next(lying, (Content.of(asset, asked.at), None)))


def _of_kit(here: _Here, kit: Kit, asset: Asset, given: Given) -> Verdict:
    """A part is lent with its kit only: the answer is that of the kit, which lies here as far as it does."""
    gathered = gather(kit, here.bank)
    if gathered is not None:
        return together(judge_kit(gathered, here.book, lambda unit: here.question(unit.content, given, unit.door)))
    content = Content.of(asset, here.at)
    return evaluate(here.question(content, given, kit=kit, missing=kit.parts), here.book)


def _of_type(here: _Here, kind: str, given: Given) -> Verdict:
    judged = best(
        units(here.bank, here.book.types, here.at, here.book.kits.values()).get(kind, ()),
        lambda unit: here.judged(kind, given, unit.content, unit.door),
        passes=lambda verdict: verdict.allowed or bool(verdict.needs),
        costs=lambda verdict: verdict.overrides,
    )
    if judged is None:
        return here.judged(kind, given)
    chosen, verdict = judged
    return with_unit(verdict, chosen)
