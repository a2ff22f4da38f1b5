"""What a fault report at a bank belongs to: who reported it, of which loan, with which grant.

It names the grant of the door, or the session that runs. What is another bank's, or over, or about something else
binds nothing: the report is kept all the same.
"""

from toolcrib.domain.doors import Bank
from toolcrib.domain.ids import loan_of
from toolcrib.domain.record import Record
from toolcrib.domain.standing import Standing
from toolcrib.send.sessions import unseal
from toolcrib.store.loans import find_loan
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Fault


class Binding(Record, frozen=True, kw_only=True):
    """What is known of it; None for what is not."""

    person: str | None = None
    loan: str | None = None
    grant: str | None = None
    asset: str | None = None
    language: str | None = None


UNBOUND = Binding()


def of_grant(arrived: Arrival[Fault], bank: Bank) -> Binding:
    """Return what the named grant says: that of a door here now, or one that its loan remembers from this bank."""
    named = arrived.body.grant
    if named is None:
        return UNBOUND
    grant = next((door.grant for door in bank.doors if door.grant is not None and door.grant.id == named), None)
    if grant is not None:
        part = next((each for each in grant.parts if each.asset == arrived.body.asset), None)
        out_on, about = (grant.loan, grant.asset) if part is None else (part.loan, part.asset)
        found = Binding(person=grant.person, loan=out_on, grant=named, asset=about, language=grant.language)
        return _about(found, arrived.body.asset)
    key = loan_of(named)
    loan = None if key is None else find_loan(arrived.org, key)
    if loan is None or named not in loan.grants or bank.id != (loan.bank if named == loan.id else loan.return_bank):
        return UNBOUND
    return _about(
        Binding(person=loan.by or loan.person, loan=loan.id, grant=named, asset=loan.asset), arrived.body.asset
    )


def of_session(arrived: Arrival[Fault], bank: Bank, standing: Standing | None) -> Binding:
    """Return who the named session says it is, with their loan of the thing and the grant they have for it."""
    token = arrived.body.session
    session = None if token is None else unseal(token, now=arrived.at)
    if session is None or (session.org, session.bank, session.generation) != (arrived.org, bank.id, bank.generation):
        return UNBOUND
    person, loan = session.person, standing.loan if standing is not None else None
    asset = standing.asset.id if standing is not None else None
    theirs = loan is not None and person in {loan.person, loan.by}
    grants = (door.grant for door in bank.doors if door.grant is not None)
    theirs_now = (each for each in grants if each.person == person)
    grant = next((each.id for each in theirs_now if any(part.asset == asset for part in each.parts)), None)
    return Binding(person=person, loan=loan.id if loan is not None and theirs else None, grant=grant, asset=asset)


def _about(found: Binding, asset: str | None) -> Binding:
    return found if asset in {None, found.asset} else UNBOUND
