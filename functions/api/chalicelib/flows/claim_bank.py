"""Let a board in that enrols itself by a token, and seal the bank's keys to the key it made (flows/enrolling.py).

The policy comes from us and not from the provisioning template: a certificate that was taken back while the template
was being carried out must not get it back by that. If this breaks off, or takes longer than IoT Core waits (5 s), the
board asks again with the same key and token: a further generation begins, and what is left of this one is taken back;
what goes on of it finds that it was overtaken.
"""

from datetime import datetime
from hashlib import sha256

import msgspec

from chalicelib.deciding import enrolment
from chalicelib.deciding.claiming import Doubt, judge
from chalicelib.flows.enrolling import Keys, enrolled
from toolcrib.domain.change import Change
from toolcrib.domain.credentials import Claim
from toolcrib.domain.doors import Bank
from toolcrib.domain.refusals import NotAllowed
from toolcrib.send.sealing import sealed
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank_only
from toolcrib.wire.certificates import certified, fingerprint, key_of


def handle(org: str, bank_id: str, token: str, certificate: str, pem: str, *, at: datetime) -> str:
    """Enrol a bank with a certificate (ARN and PEM) that is not let in yet; return its keys, sealed to that.

    Raises `NotFound`, `NotAllowed` with why the claim does not hold, or `Invalid` for a key that is not on P-256.
    """
    key, life = key_of(pem), certified(certificate, pem)
    digest, owner = sha256(token.encode()).hexdigest(), fingerprint(key)

    def claimed(bank: Bank) -> Claim:
        verdict = judge(bank, token_sha256=digest, key_sha256=owner, since=life.since, at=at)
        if isinstance(verdict, Doubt):
            raise NotAllowed(code=verdict.value, detail=f"{bank_id} is not claimed by this board")
        return verdict

    def decide(bank: Bank) -> Change:
        return enrolment.enrolled(bank, life, op=certificate, at=at, claim=claimed(bank))

    claimed(load_bank_only(org, bank_id))
    thing = certificates.thing_of(org, bank_id)
    certificates.adopt(thing, certificate)
    keys = enrolled(org, bank_id, certificate, decide, at)
    return sealed(_plain(keys), key, thing=thing, certificate=certificate.rsplit("/", 1)[1])


def _plain(keys: Keys) -> bytes:
    return msgspec.json.encode(
        {
            "thing": keys.thing,
            "kid": keys.kid,
            "command_key": keys.command_key,
            "badge_key": {"version": keys.badge_key_version, "hex": keys.badge_key},
            "mqtt": {"host": keys.mqtt_host, "port": keys.mqtt_port},
        }
    )
