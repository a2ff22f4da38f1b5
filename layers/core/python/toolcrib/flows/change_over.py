"""A bank came in with its next certificate: it is the present one from now on, and the one before may do nothing.

    1  the certificate it had loses what it may do
    2  commit: the next one is the bank's own

IoT Core tells of every connection (`$aws/events/presence/connected`), perhaps twice and in any order: what is no
change-over changes nothing. Broken off between the two, a repeat or the next connection does both.
"""

from datetime import datetime

from toolcrib.domain.certifying import taken_up
from toolcrib.flows.attempts import until_committed
from toolcrib.store import certificates
from toolcrib.store.banks import find_bank_only
from toolcrib.store.commit import commit
from toolcrib.telemetry import record


def handle(org: str, thing: str, certificate_id: str, *, at: datetime) -> bool:
    """Note that a thing connected with a certificate; returns whether that made it the bank's own."""
    owner, _, bank_id = thing.partition(":")
    if owner != org or not bank_id:
        return False
    changed = until_committed(lambda: _once(org, thing, bank_id, certificate_id, at))
    if changed:
        record("change_over", org=org, bank=bank_id, op=certificate_id, outcome="renewed")
    return changed


def _once(org: str, thing: str, bank_id: str, certificate_id: str, at: datetime) -> bool:
    bank = find_bank_only(org, bank_id)
    change = None if bank is None else taken_up(bank, certificate_id, op=f"{bank_id}.{certificate_id}", at=at)
    if bank is None or change is None:
        return False
    if bank.certificate is not None:
        certificates.drop(thing, bank.certificate)
    commit(org, change)
    return True
