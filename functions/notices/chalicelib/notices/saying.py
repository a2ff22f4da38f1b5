"""What a notice is about, as it is now, and what can be said of it."""

from dataclasses import replace
from datetime import datetime

from chalicelib.notices.wording.facts import Facts, gathered, of_person
from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox import About
from toolcrib.domain.people import Person
from toolcrib.domain.reactions import offered
from toolcrib.send.slack_text import shown
from toolcrib.store.assets import find_asset
from toolcrib.store.cases import find_case
from toolcrib.store.loans import find_loan
from toolcrib.store.people import find_person
from toolcrib.store.rulebook import rule_book


def about_of(org: str, notice: Notice) -> About | None:
    """Return what a notice is about, as it is now."""
    if notice.person is not None:
        return find_person(org, notice.person)
    return find_case(org, notice.case) if notice.case else find_loan(org, notice.loan or "")


def facts_of(org: str, notice: Notice, about: About, recipient: Person | None, now: datetime) -> Facts:
    """Return what the notice can speak of, what its reader may press, and who did what about it last."""
    acted = notice.acted
    left = tuple(each for each in offered(notice, about, recipient) if acted is None or each != acted.reaction)
    who = find_person(org, acted.by) if acted is not None else None
    known = _known(org, notice, about, recipient, now)
    return replace(known, actions=left, org=org, acted_by=shown(who.name if who is not None else None))


def _known(org: str, notice: Notice, about: About, recipient: Person | None, now: datetime) -> Facts:
    book = rule_book(org)
    if isinstance(about, Person):
        return of_person(notice, about, reader=recipient, site=book.sites.get(about.site or ""), now=now)
    asset = find_asset(org, about.asset) if about.asset else None
    same = recipient is not None and recipient.id == about.person
    return gathered(
        notice,
        about,
        asset=asset,
        asset_type=book.types.get(asset.type) if asset else None,
        holder=recipient if same else find_person(org, about.person) if about.person else None,
        reader=recipient,
        site=book.sites.get(about.site or ""),
        now=now,
    )
