"""What a notice is about, as it is now, and what can be said of it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.notices.summaries import summary_of
from chalicelib.notices.wording.facts import Facts, gathered, of_person, of_request, of_summary
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case
from toolcrib.domain.digests import Summary
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox import About
from toolcrib.domain.people import Person
from toolcrib.domain.reactions import offered
from toolcrib.domain.rulebook import RuleBook
from toolcrib.send.slack_text import shown
from toolcrib.store import keys
from toolcrib.store.assets import find_asset
from toolcrib.store.authorisations import find_authorisation
from toolcrib.store.cases import find_case
from toolcrib.store.loans import find_loan
from toolcrib.store.mapping import to_asset, to_person
from toolcrib.store.people import find_person
from toolcrib.store.reads import Key, find_many
from toolcrib.store.rulebook import book_with_site


def about_of(org: str, notice: Notice, now: datetime) -> About | None:
    """Return what a notice is about, as it is now."""
    if notice.period is not None:
        return summary_of(org, notice, now)
    if notice.person is not None:
        return find_person(org, notice.person)
    if notice.authorisation is not None:
        return find_authorisation(org, notice.authorisation)
    return find_case(org, notice.case) if notice.case else find_loan(org, notice.loan or "")


def facts_of(org: str, notice: Notice, about: About, recipient: Person | None, now: datetime) -> Facts:
    """Return what the notice can speak of, what its reader may press, and who did what about it last."""
    acted = notice.acted
    done = None if acted is None or isinstance(about, Authorisation) else acted.reaction  # to agree may take several
    left = tuple(each for each in offered(notice, about, recipient) if each != done)
    who = find_person(org, acted.by) if acted is not None else None
    known = _known(org, notice, about, recipient, now)
    return replace(known, actions=left, org=org, acted_by=shown(who.name if who is not None else None))


def _known(org: str, notice: Notice, about: About, recipient: Person | None, now: datetime) -> Facts:
    book = book_with_site(org, notice.site)
    if isinstance(about, Summary):
        site = book.sites.get(notice.site or "")
        lines = _lines(org, book, notice, about, recipient, now)
        return of_summary(notice, about, lines, reader=recipient, site=site, now=now)
    if isinstance(about, Person):
        return of_person(notice, about, reader=recipient, site=book.sites.get(about.site or ""), now=now)
    if isinstance(about, Authorisation):
        taker = find_person(org, about.person)
        last = about.refused_by or (about.approved[-1].person if about.approved else None)
        answered_by = find_person(org, last) if last is not None else None
        return of_request(notice, about, book, taker=taker, answered_by=answered_by, reader=recipient, now=now)
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


def _lines(
    org: str, book: RuleBook, notice: Notice, summary: Summary, reader: Person | None, now: datetime
) -> tuple[Facts, ...]:
    """Return the facts of what a summary names; their things and people come in two reads."""
    every: tuple[Loan | Case, ...] = (*summary.loans, *summary.cases)
    assets = _read({keys.asset(org, each.asset) for each in every if each.asset})
    people = _read({keys.person(org, each.person) for each in every if each.person})

    def line(about: Loan | Case) -> Facts:
        thing, who = assets.get(keys.asset(org, about.asset or "")), people.get(keys.person(org, about.person or ""))
        site = book.sites.get(about.site or "")
        return gathered(
            notice,
            about,
            asset=to_asset(thing) if thing is not None else None,
            asset_type=None,
            holder=to_person(who) if who is not None else None,
            reader=reader,
            site=site,
            now=now,
        )

    return tuple(map(line, every))


def _read(wanted: set[Key]) -> dict[Key, Any]:
    return find_many(wanted) if wanted else {}
