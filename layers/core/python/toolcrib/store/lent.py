"""Reads a loan and what is around it, consistently, in two round trips."""

from toolcrib.domain.lent import Lent
from toolcrib.domain.refusals import NotFound
from toolcrib.store import keys
from toolcrib.store.mapping import to_asset, to_loan, to_person
from toolcrib.store.reads import find_many


def load_lent(org: str, loan_id: str, op: str) -> Lent:
    """Return a loan with its person and its thing, and whether the edit `op` was made; raises `NotFound`."""
    loan_key, edit_key = keys.loan(org, loan_id), keys.edit(org, op)
    found = find_many((loan_key, edit_key))
    if loan_key not in found:
        raise NotFound(detail="no such loan")
    loan = to_loan(found[loan_key])
    person_key, asset_key = keys.person(org, loan.person), keys.asset(org, loan.asset)
    around = find_many((person_key, asset_key))
    if person_key not in around or asset_key not in around:
        raise NotFound(detail="no such loan")
    return Lent(
        loan=loan, person=to_person(around[person_key]), asset=to_asset(around[asset_key]), done=edit_key in found
    )
