"""What a take becomes once its door has closed (rules.md, *Doors*)."""

from dataclasses import dataclass, replace
from datetime import datetime

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import Door, GrantState
from toolcrib.domain.due import due
from toolcrib.domain.events import Cause, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Site
from toolcrib.domain.states import Move


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A door that closed on a grant: what is on record about it, and what was seen."""

    op: str
    door: Door
    loan: Loan
    asset: Asset
    site: Site
    at: datetime
    evidence: Evidence


def taken(closing: Closing) -> Change:
    """The asset left with the person who was let in: the loan is open."""
    door, loan, asset, grant = closing.door, closing.loan, closing.asset, closing.door.grant
    at = max(closing.at, loan.authorised_at)
    when = due(loan.terms, closing.site, at, valid_until=loan.valid_until)
    cause = Cause(
        op=closing.op, at=at, evidence=closing.evidence, person=loan.person, bank=door.bank, door=door.number,
        grant=loan.id,
    )  # fmt: skip
    held, event = move(asset, Move.TAKEN, to=Custodian.person(loan.person), cause=cause, loan=loan.id)
    opened = replace(
        loan, state=LoanState.OPEN, taken_at=at, due_at=when.at, due_why=str(when.why), evidence=closing.evidence,
        grants={**loan.grants, loan.id: GrantState.USED}, version=loan.version + 1,
    )  # fmt: skip
    emptied = replace(
        door, grant=replace(grant, state=GrantState.USED) if grant else None, version=door.version + 1,
        contents=tuple(content for content in door.contents if content.asset != asset.id), physical="closed",
    )  # fmt: skip
    name = next((content.name for content in door.contents if content.asset == asset.id), asset.name)
    holding = Holding(
        asset=asset.id, type=loan.type, name=name, tag=asset.tag, state=str(LoanState.OPEN), bank=loan.bank,
        door=loan.door, site=loan.site, since=at, until=when.at, evidence=closing.evidence,
    )  # fmt: skip
    holdings = Holdings(person=loan.person, put={loan.id: holding})
    return Change(
        op=closing.op, at=at, assets=(held,), doors=(emptied,), loans=(opened,), holdings=(holdings,), events=(event,)
    )
