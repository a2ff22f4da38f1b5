"""May this person take this now? The same judgement as at the bank, without taking anything (feature B11)."""

from toolcrib.domain.principals import Asked, Sight
from toolcrib.domain.rules import Verdict, evaluate
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import load_bank_only
from toolcrib.store.people import load_person
from toolcrib.store.rulebook import read_stamp, rule_book


def judge(asked: Asked, *, person: str, bank: str, asset: str | None, asset_type: str | None) -> Verdict:
    """Return the verdict for a person at a bank about an asset's type, or a type; raises `NotFound`.

    Supervisors ask about their own banks and whoever might come there, a person about themself anywhere.
    """
    if asked.sight is Sight.OWN:
        asked.must_see("person", person=person)
    who, where = load_person(asked.org, person), load_bank_only(asked.org, bank)
    if asked.sight is Sight.SITES:
        asked.must_see("bank", site=where.site)
    kind = asset_type if asset is None else load_asset(asked.org, asset).type
    book = rule_book(asked.org, read_stamp(asked.org))
    return evaluate(book.subject(who, None, kind or "", where, asked.at), book)
