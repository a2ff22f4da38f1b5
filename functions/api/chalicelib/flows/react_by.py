"""How each reaction is carried out: by the flow there is for it, and then noted on its notice."""

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib.deciding.reacting import Pressed, acted, put_off, reminded
from chalicelib.flows import claim, move_asset, quarantine_door
from chalicelib.flows.admin import authorisations, cases
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox import About
from toolcrib.domain.principals import Asked
from toolcrib.domain.reactions import LATER, Reaction
from toolcrib.domain.refusals import Conflict, NotFound
from toolcrib.domain.states import Move
from toolcrib.flows import renew_loan
from toolcrib.flows.attempts import until_committed
from toolcrib.store.authorisations import find_authorisation
from toolcrib.store.cases import find_case
from toolcrib.store.edited import commit_edit
from toolcrib.store.edits import done
from toolcrib.store.loans import find_loan
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.people import find_person

Thing = About | Authorisation
WHY: Final = "said in answer to a notice"  # where a flow asks for words
REPAIRED: Final = "repaired"  # how a case is resolved whose proposal somebody has carried out


def load_about(org: str, notice: Notice) -> Thing:
    """Return what a notice is about, as it is now; raises `NotFound`."""
    found: Thing | None
    if notice.authorisation is not None:
        found = find_authorisation(org, notice.authorisation)
    elif notice.person is not None:
        found = find_person(org, notice.person)
    else:
        found = find_case(org, notice.case) if notice.case else find_loan(org, notice.loan or "")
    if found is None:
        raise NotFound(detail="no such notice")
    return found


def _put_off(asked: Asked, notice: Notice, _: Thing, pressed: Pressed) -> Notice:
    def once() -> Notice:
        if done(asked.org, asked.op):
            return load_notice(asked.org, notice.id)
        now, thing = load_notice(asked.org, notice.id), load_about(asked.org, notice)
        assert not isinstance(thing, Authorisation)
        change = put_off(now, thing, pressed)
        commit_edit(asked.org, change)
        return change.notices[0]

    return until_committed(once)


def _extend(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    renew_loan.handle(asked, _loan(about).id)
    return _noted(asked, notice, pressed)


def _remind(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    loan = _loan(about)
    asked.must_see("loan", site=loan.site)

    def once() -> Notice:
        now, holder = load_notice(asked.org, notice.id), find_person(asked.org, loan.person)
        if holder is None:
            raise NotFound(detail="no such person")
        change = reminded(now, loan, holder, pressed)
        commit_edit(asked.org, change)
        return change.notices[0]

    return until_committed(once)


def _lost(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    asset = about.asset if isinstance(about, Loan | Case) else None
    if asset is None:
        raise Conflict(code="not_offered", detail="this notice is about no thing", advice="Look again.")
    move_asset.handle(asked, asset, Move.DECLARE_LOST, reason=WHY)
    return _noted(asked, notice, pressed)


def _case(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    claim.wrong(asked, _loan(about).id, note=WHY)
    return _noted(asked, notice, pressed)


def _quarantine(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    if isinstance(about, Case) and about.bank is not None and about.door:
        quarantine_door.handle(asked, about.bank, about.door)
    return _noted(asked, notice, pressed)


def _repair(asked: Asked, notice: Notice, about: Thing, pressed: Pressed) -> Notice:
    if not isinstance(about, Case):
        raise Conflict(code="not_offered", detail="this notice is about no case", advice="Look again.")
    cases.resolve(asked, about.id, REPAIRED, None, repair=True)
    return _noted(asked, notice, pressed)


def _answer(asked: Asked, notice: Notice, _: Thing, pressed: Pressed) -> Notice:
    answer = authorisations.approve if pressed.reaction is Reaction.APPROVE else authorisations.refuse
    answer(asked, notice.authorisation or "", None)
    return _noted(asked, notice, pressed)


def _loan(about: Thing) -> Loan:
    if not isinstance(about, Loan):
        raise Conflict(code="not_offered", detail="this notice is about no loan", advice="Look again.")
    return about


def _noted(asked: Asked, notice: Notice, pressed: Pressed) -> Notice:
    """Note on the notice what was done; whoever sends it may be writing it at this moment."""

    def once() -> Notice:
        now = load_notice(asked.org, notice.id)
        if now.acted is not None and now.acted.op == asked.op:
            return now
        save_notice(asked.org, noted := acted(now, pressed))
        return noted

    return until_committed(once)


DO: Final[Mapping[Reaction, Callable[[Asked, Notice, Thing, Pressed], Notice]]] = {
    **dict.fromkeys(LATER, _put_off),
    Reaction.EXTEND: _extend,
    Reaction.REMIND: _remind,
    Reaction.LOST: _lost,
    Reaction.CASE: _case,
    Reaction.QUARANTINE: _quarantine,
    Reaction.REPAIR: _repair,
    Reaction.APPROVE: _answer,
    Reaction.REFUSE: _answer,
}
"""Each takes the request, the notice, what it is about, and what was pressed; returns the notice with what was done."""
