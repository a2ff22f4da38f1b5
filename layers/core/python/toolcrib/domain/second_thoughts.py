"""«I did not take it», «I did not return it»: a person's word against a door's, within 60 s (rules.md, *Doors*)."""

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.authorise import Ask
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Door
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.reports import contents
from toolcrib.domain.states import Move, State


def still_so(option: Option, asset: Asset) -> bool:
    """Whether the asset is as the option says: out on its loan, or in the door that it was returned to."""
    if option.kind is OptionKind.NOT_TAKEN:
        return asset.state is State.ON_LOAN and asset.loan == option.loan
    return asset.state is State.STOWED and asset.custodian == _at(option.at_door)


def disown(ask: Ask, option: Option, loan: Loan, asset: Asset) -> Change:
    """The person did not take it: unconfirmed at its door, the loan closed without blame, a case, the door locked."""
    draft = _draft(ask, option)
    case = draft.open_case(CaseKind.NOT_TAKEN, asset=asset.id, loan=loan.id)
    draft.move(asset, Move.DISOWN, _at(option.at_door), case=case)
    draft.loan(loan, state=LoanState.CLOSED, returned_at=ask.at, return_evidence=Evidence.DECLARED, next_step=None)
    draft.hold(ask.person.id, loan.id, None)
    contents.lock(draft, option.at_door, contents.UNEXPECTED)
    return draft.change()


def not_put_in(ask: Ask, option: Option, asset: Asset) -> Change:
    """The person could not put it in: unconfirmed with them, a case, and it may be returned elsewhere."""
    draft = _draft(ask, option)
    case = draft.open_case(CaseKind.NOT_RETURNED, asset=asset.id, loan=option.loan)
    draft.move(asset, Move.NOT_RETURNED, Custodian.person(ask.person.id), case=case)
    contents.remove(draft, option.at_door, asset.id)
    contents.lock(draft, option.at_door, contents.UNEXPECTED)
    return draft.change()


def _at(door: Door) -> Custodian:
    return Custodian.at_door(door.bank, door.number)


def _draft(ask: Ask, option: Option) -> Draft:
    door = option.at_door
    cause = Cause(
        op=ask.upload, at=ask.at, evidence=Evidence.DECLARED, person=ask.person.id, bank=door.bank, door=door.number
    )
    return Draft(cause=cause, site=ask.bank.site, guard=True)
