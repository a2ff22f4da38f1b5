"""Enrol a bank's controller with a signing request that somebody brought to the API (flows/enrolling.py)."""

from chalicelib.deciding import enrolment
from chalicelib.deciding.signing_requests import checked
from chalicelib.flows.enrolling import Keys, enrolled
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank
from toolcrib.wire.certificates import certified


class Enrolled(Record, frozen=True, kw_only=True):
    """Everything a controller needs; it is handed out once and kept nowhere."""

    certificate: str
    ca: str
    keys: Keys


def handle(asked: Asked, bank_id: str, csr: str) -> Enrolled:
    """Enrol a bank for the first time, anew, or after it was revoked; raises `NotFound` or `Invalid` (`bad_csr`)."""
    request = checked(csr)
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    certificate = certificates.issue(certificates.thing_of(asked.org, bank_id), request)
    life = certified(certificate.arn, certificate.pem)
    keys = enrolled(
        asked.org,
        bank_id,
        certificate.arn,
        lambda bank: enrolment.enrolled(bank, life, op=asked.op, at=asked.at),
        asked.at,
    )
    return Enrolled(certificate=certificate.pem, ca=certificates.authority(), keys=keys)
