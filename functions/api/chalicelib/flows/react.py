"""What somebody does about a notice, from Slack, from a mail or over HTTP: one flow, under that person's own rights.

A reaction is carried out by the flow there is for it, with the same rights as its route of the API has; that it was
done is noted afterwards on the notice, and on its copies. A repeat of the operation finds its own work and is told the
same.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.deciding.reacting import Pressed, until
from chalicelib.flows import tell_copies
from chalicelib.flows.react_by import DO, load_about
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.notices import Acted, Notice
from toolcrib.domain.policies import Site, To
from toolcrib.domain.principals import Asked, Principal, Role, Sight
from toolcrib.domain.reactions import LATER, Reaction, offered
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict, LostRace, NotAllowed, Refusal
from toolcrib.store.edits import done
from toolcrib.store.loans import find_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import find_person
from toolcrib.store.rulebook import book_with_site

_KEEPERS: Final = {Role.ADMIN: Sight.ORG, Role.SUPERVISOR: Sight.SITES}
_HANDLERS: Final = {**_KEEPERS, Role.MACHINE: Sight.ORG}
_PEOPLE: Final = {**_KEEPERS, Role.SELF: Sight.OWN}
_OWNERS: Final = {**_HANDLERS, Role.SELF: Sight.OWN}

RIGHTS: Final[Mapping[Reaction, Mapping[Role, Sight]]] = {
    **dict.fromkeys(LATER, _OWNERS),
    Reaction.EXTEND: _OWNERS,
    Reaction.REMIND: _HANDLERS,
    Reaction.LOST: _HANDLERS,
    Reaction.CASE: _OWNERS,
    Reaction.QUARANTINE: _KEEPERS,
    Reaction.REPAIR: _KEEPERS,
    Reaction.APPROVE: _PEOPLE,
    Reaction.REFUSE: _PEOPLE,
}
"""Who may, and with how much sight: as the routes of the API that do the same (a test compares them)."""
_JUDGED_BY_FLOW: Final = frozenset(
    {Reaction.LOST, Reaction.CASE, Reaction.REPAIR}
)  # it knows what to do again, and what is over


class Reacted(Record, frozen=True, kw_only=True):
    """What was done, or why not: `code` is the reaction's, or a refusal's with what was compared and what to do next.

    `facts` fill the sentence that people read: `until` (of a snooze), `due` (of what was extended), `case`.
    """

    done: bool
    code: str
    facts: Mapping[str, Fact] = {}
    detail: str = ""
    advice: str = ""
    says: str | None = None


def react(by: Principal, notice_id: str, reaction: Reaction, *, op: str, now: datetime) -> Reacted:
    """Carry out a reaction once for an operation, or return why not; raises only what the store raises."""
    try:
        notice = perform(by, notice_id, reaction, op=op, now=now)
    except LostRace:
        return Reacted(
            done=False, code="conflict", detail="others changed it at the same moment", advice="Press again."
        )
    except Refusal as no:
        facts, says = no.facts, no.says
        return Reacted(done=False, code=no.code, detail=no.detail, advice=no.advice, facts=facts, says=says)
    return Reacted(done=True, code=str(reaction), facts=_facts(by.org, notice))


def perform(by: Principal, notice_id: str, reaction: Reaction, *, op: str, now: datetime) -> Notice:
    """Carry out a reaction once for an operation; returns the notice with what was done.

    What others were told of the same thing says it too: also after a repeat, whose first try may have broken off there.
    Raises `NotFound`, `NotAllowed`, `Conflict` `not_offered`, and whatever the reaction's own flow raises.
    """
    notice = _performed(by, notice_id, reaction, op, now)
    tell_copies.tell(by.org, notice)
    return notice


def _performed(by: Principal, notice_id: str, reaction: Reaction, op: str, now: datetime) -> Notice:
    sight = RIGHTS[reaction].get(by.role)
    if sight is None:
        raise NotAllowed(detail=f"this is not for the role {by.role}", advice="Ask a supervisor.")
    notice = load_notice(by.org, notice_id)
    asked = _asked(Asked(by=by, sight=sight, at=now, op=op), notice)
    if notice.acted is not None and notice.acted.op == op:
        return notice
    about = load_about(by.org, notice)
    reader = find_person(by.org, by.person) if by.person is not None else None
    known = reaction in offered(notice, about, reader) or reaction in _JUDGED_BY_FLOW or done(by.org, op)
    if not known:
        raise Conflict(
            code="not_offered", detail="what this notice says is over, or does not allow that", advice="Look again."
        )
    sites = book_with_site(by.org, notice.site).sites
    site = sites.get(notice.site or "") or Site(id="", name="", time_zone="UTC")
    pressed = Pressed(reaction=reaction, by=by.actor, at=now, op=op, until=until(reaction, now, site, reader))
    return DO[reaction](asked, notice, about, pressed)


def _asked(asked: Asked, notice: Notice) -> Asked:
    """Return with how much sight it is asked: what was sent to somebody is theirs, at whatever site.

    Raises `NotFound` where the notice is neither theirs nor in their sight.
    """
    reader = None if notice.to is To.CHANNEL else notice.recipient
    mine = reader is not None and reader == asked.by.person
    seen = asked if not mine or asked.sees(site=notice.site) else replace(asked, sight=Sight.OWN)
    seen.must_see("notice", site=notice.site, person=reader)
    return seen


def _facts(org: str, notice: Notice) -> dict[str, Fact]:
    """Return what the sentence about it needs, from the record as it is now."""
    said: Acted | None = notice.acted
    facts: dict[str, Fact] = {}
    if said is not None and said.until is not None:
        facts["until"] = said.until
    if said is not None and said.reaction == Reaction.EXTEND and notice.loan is not None:
        loan = find_loan(org, notice.loan)
        facts |= {"due": loan.due_at} if loan is not None else {}
    return facts
