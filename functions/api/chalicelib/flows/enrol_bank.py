"""Give a bank's controller its certificate and keys, once (issue and revoke: safety.md, threat 4).

    1  sign the CSR, attach the certificate to the thing     it may do nothing yet
    2  commit: next generation, this certificate, active     the old command key opens nothing any more
    3  the certificate gets the banks' policy
    4  every other certificate loses it, and the old session is cut
    5  grants of the old generation are told to asset, loan and case

Wherever it breaks off the keys did not go out: asking again begins a further generation and tidies up what is left.
"""

from chalicelib.flows.doubts import settle_given_up
from toolcrib import secrets
from toolcrib.domain.doors import Bank
from toolcrib.domain.enrolment import enrolled
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.flows.attempts import until_committed
from toolcrib.send.signing import command_key
from toolcrib.settings import settings
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank
from toolcrib.store.commit import commit
from toolcrib.wire.signing_requests import checked


class Enrolled(Record, frozen=True, kw_only=True):
    """Everything a controller needs; it is handed out once and kept nowhere. Keys are hex."""

    thing: str
    certificate: str
    ca: str
    kid: str
    command_key: str
    badge_key_version: str
    badge_key: str
    mqtt_host: str
    mqtt_port: int


def handle(asked: Asked, bank_id: str, csr: str) -> Enrolled:
    """Enrol a bank for the first time, anew, or after it was revoked; raises `NotFound` or `Invalid` (`bad_csr`)."""
    request = checked(csr)
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    thing = certificates.thing_of(asked.org, bank_id)
    certificate = certificates.issue(thing, request)
    now = until_committed(lambda: _once(asked, bank_id, certificate.arn))
    certificates.allow(certificate.arn)
    certificates.withdraw(thing, but=certificate.arn)
    if bank.generation > 0:
        certificates.cut(thing)
    settle_given_up(asked.org, bank_id, asked.at)
    return _keys(asked, now, thing, certificate.pem)


def _once(asked: Asked, bank_id: str, certificate: str) -> Bank:
    bank = load_bank(asked.org, bank_id)
    change = enrolled(bank, certificate, op=asked.op, at=asked.at)
    commit(asked.org, change)
    return change.banks[0].bank


def _keys(asked: Asked, bank: Bank, thing: str, certificate: str) -> Enrolled:
    key = command_key(secrets.master(), org=asked.org, bank=bank.id, generation=bank.generation)
    version, badge_key = secrets.badge_key()
    return Enrolled(
        thing=thing,
        certificate=certificate,
        ca=certificates.authority(),
        kid=str(bank.generation),
        command_key=key.hex(),
        badge_key_version=version,
        badge_key=badge_key.hex(),
        mqtt_host=settings().iot_mqtt_host,
        mqtt_port=int(settings().iot_mqtt_port),
    )
