"""Say that a bank awaits its controller, and give out the one token by which a board may become it; or take it back.

Nothing of the bank changes with this: the controller it has works on until the new one comes.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.deciding.claiming import awaited
from toolcrib.domain.credentials import Claim
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.flows.attempts import until_committed
from toolcrib.settings import settings
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank_only
from toolcrib.store.commit import commit


class Awaited(Record, frozen=True, kw_only=True):
    """What a board needs beside its token: where it asks, and a certificate that is let in there for five minutes."""

    thing: str
    template: str
    expires_at: datetime
    ca: str
    mqtt_host: str
    mqtt_port: int
    certificate: str
    private_key: str
    certificate_expires_at: datetime


def handle(asked: Asked, bank_id: str, token: str, valid_for: timedelta) -> Awaited:
    """Await a board that shows `token`, which is random; any earlier token is worth nothing. Raises `NotFound`."""
    until = asked.at + valid_for
    _commit(asked, bank_id, Claim(token_sha256=sha256(token.encode()).hexdigest(), until=until))
    certificate, key, ends = certificates.claim()
    return Awaited(
        thing=certificates.thing_of(asked.org, bank_id),
        template=settings().provisioning_template,
        expires_at=until,
        ca=certificates.authority(),
        mqtt_host=settings().iot_mqtt_host,
        mqtt_port=int(settings().iot_mqtt_port),
        certificate=certificate.pem,
        private_key=key,
        certificate_expires_at=ends,
    )


def take_back(asked: Asked, bank_id: str) -> None:
    """Await no board any more; raises `NotFound`."""
    _commit(asked, bank_id, None)


def _commit(asked: Asked, bank_id: str, claim: Claim | None) -> None:
    until_committed(lambda: _once(asked, bank_id, claim))


def _once(asked: Asked, bank_id: str, claim: Claim | None) -> None:
    bank = load_bank_only(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    change = awaited(bank, claim, op=asked.op, at=asked.at)
    if change.banks:
        commit(asked.org, change)
