"""Let a bank's next certificate in beside the one it has (docs/fleet.md).

    1  the new certificate is attached to the thing       it may do nothing yet
    2  commit: the record names it as the next one
    3  it gets the banks' policy; what the record does not name loses it, such as a next one that never arrived

The present one goes when the bank has come in with the next (flows/change_over.py). Command key and generation stay.
Wherever it breaks off, the bank works on with the certificate it has, and asks again.
"""

from datetime import datetime
from typing import Final

from chalicelib.flows.keyring import reconciled
from toolcrib.domain.certifying import offered
from toolcrib.domain.change import Change
from toolcrib.domain.credentials import Certified
from toolcrib.domain.doors import Bank
from toolcrib.domain.refusals import LostRace, NotAllowed, NotFound
from toolcrib.flows.attempts import until_committed
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank_only
from toolcrib.store.commit import commit
from toolcrib.wire.certificates import certified

NOTHING: Final = "-"  # a renewal hands out no keys; the template's field must hold something


def handle(org: str, thing: str, certificate: str, pem: str, *, by: str, at: datetime) -> str:
    """Let in a certificate for the bank of a thing that showed certificate `by`; both are ARNs.

    `thing` is the client id, which IoT Core lets nobody use but the thing itself. Raises `NotFound` for another org's,
    `NotAllowed` where the bank may not renew, and `LostRace` when it was enrolled anew meanwhile.
    """
    owner, _, bank_id = thing.partition(":")
    if owner != org or not bank_id:
        raise NotFound(detail="no such bank")
    life = certified(certificate, pem)
    _must(load_bank_only(org, bank_id), life, by, at)
    certificates.adopt(thing, certificate)
    until_committed(lambda: _once(org, bank_id, life, by, at))
    certificates.allow(certificate)
    if certificate not in reconciled(org, bank_id):
        raise LostRace(detail=f"{bank_id} was enrolled anew meanwhile")
    return NOTHING


def _once(org: str, bank_id: str, life: Certified, by: str, at: datetime) -> None:
    change = _must(load_bank_only(org, bank_id), life, by, at)
    if change.banks:
        commit(org, change)


def _must(bank: Bank, life: Certified, by: str, at: datetime) -> Change:
    change = offered(bank, life, by=by, op=life.arn, at=at)
    if change is None:
        raise NotAllowed(code="not_renewable", detail=f"{bank.id} did not come with the certificate it has")
    return change
