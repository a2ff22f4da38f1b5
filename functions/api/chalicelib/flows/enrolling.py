"""What every enrolment comes to, however it was asked for: one way through the code (safety.md, threat 4).

    1  the certificate is attached to the thing              it may do nothing yet
    2  commit: next generation, this certificate, active     the old command key opens nothing any more
    3  the certificate gets the banks' policy
    4  every other certificate loses it, and the old session is cut
    5  grants of the old generation are told to asset, loan and case

Wherever it breaks off the keys did not go out: asking again tidies up what is left. Two at once: the one that commits
last is the bank, and the other is told so (flows/keyring.py).
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.flows.doubts import settle_given_up
from chalicelib.flows.keyring import reconciled
from toolcrib import secrets
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.send.signing import command_key
from toolcrib.settings import settings
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank
from toolcrib.store.commit import commit


class Keys(Record, frozen=True, kw_only=True):
    """What a controller needs beside its certificate; handed out once and kept nowhere. Keys are hex."""

    thing: str
    kid: str
    command_key: str
    badge_key_version: str
    badge_key: str
    mqtt_host: str
    mqtt_port: int


def enrolled(org: str, bank_id: str, certificate: str, decide: Callable[[Bank], Change], at: datetime) -> Keys:
    """Begin a bank's next generation with a certificate that is attached to its thing, and return its keys.

    `decide` returns the change for the bank as it stands; what it raises ends this. It is not asked where this very
    certificate is the bank's already: the answer to the commit, or to the whole request, was lost. Raises `LostRace`
    when somebody else enrolled the bank meanwhile.
    """
    now, before = until_committed(lambda: _once(org, bank_id, certificate, decide))
    thing = certificates.thing_of(org, bank_id)
    if before:  # asked again: whoever was slower may have taken something from it, and broken off
        certificates.restore(thing, certificate)
    else:
        certificates.allow(certificate)
    named = reconciled(org, bank_id)
    if now.generation > 1:
        certificates.cut(thing)
    settle_given_up(org, bank_id, at)
    if certificate not in named:
        raise LostRace(detail=f"{bank_id} was enrolled anew by somebody else meanwhile")
    return _keys(org, now, thing)


def _once(org: str, bank_id: str, certificate: str, decide: Callable[[Bank], Change]) -> tuple[Bank, bool]:
    """Return the bank as it is then, and whether it had this certificate before."""
    bank = load_bank(org, bank_id)
    if certificate in bank.certificates:
        return bank, True
    change = decide(bank)
    commit(org, change)
    return change.banks[0].bank, False


def _keys(org: str, bank: Bank, thing: str) -> Keys:
    key = command_key(secrets.master(), org=org, bank=bank.id, generation=bank.generation)
    version, badge_key = secrets.badge_key()
    return Keys(
        thing=thing,
        kid=str(bank.generation),
        command_key=key.hex(),
        badge_key_version=version,
        badge_key=badge_key.hex(),
        mqtt_host=settings().iot_mqtt_host,
        mqtt_port=int(settings().iot_mqtt_port),
    )
