"""A board in a test: its folder, a certificate authority, and a provisioning service that answers as the cloud does."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from edge.enrolment import identity, provisioning
from edge.enrolment.claim import Claim, ClaimCertificate
from edge.enrolment.identity import Keys, Mqtt, certificate_id
from edge.enrolment.questions import RefusedError
from toolcrib.send.sealing import sealed

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
TEMPLATE, THING = "acme-bank", "acme:hq-01"
SECRETS = {
    "thing": THING,
    "kid": "3",
    "command_key": "11" * 32,
    "badge_key": {"version": "1", "hex": "22" * 32},
    "mqtt": {"host": "mqtt.example", "port": 8883},
}
CLAIM = Claim(
    thing=THING,
    template=TEMPLATE,
    token="t" * 43,
    ca="the authority",
    mqtt=Mqtt(host="mqtt.example", port=8883),
    claim=ClaimCertificate(certificate="-", private_key="-"),
)


class PowerCutError(BaseException):
    """The board is off: nothing of it goes on."""


class Cloud:
    """Signs, and lets in what it signed; each of its answers can be lost, or be a no."""

    def __init__(self, *, days: float = 400, refuses: str | None = None) -> None:
        self.days, self.refuses = days, refuses
        self.let_in: list[str] = []
        self.said: list[Mapping[str, Any]] = []
        self.thing = THING
        self.sealed_to_another = False
        self._signed: dict[str, x509.Certificate] = {}
        self._numbers = count(1)
        self._key = ec.generate_private_key(ec.SECP256R1())

    async def ask(self, topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        if topic == provisioning.CREATE:
            return self._sign(question["certificateSigningRequest"])
        assert topic == provisioning.provision(TEMPLATE)
        return self._let_in(question)

    def _sign(self, request: str) -> dict[str, Any]:
        asked = x509.load_pem_x509_csr(request.encode())
        assert asked.is_signature_valid
        life = x509.CertificateBuilder().not_valid_before(SINCE).not_valid_after(SINCE + timedelta(days=self.days))
        named = life.subject_name(asked.subject).issuer_name(x509.Name([])).public_key(asked.public_key())
        made = named.serial_number(next(self._numbers)).sign(self._key, SHA256())
        pem = made.public_bytes(Encoding.PEM).decode()
        id_ = certificate_id(pem)
        self._signed[id_] = made
        return {"certificateId": id_, "certificatePem": pem, "certificateOwnershipToken": id_}

    def _let_in(self, question: Mapping[str, Any]) -> dict[str, Any]:
        self.said.append(question["parameters"])
        if self.refuses is not None:
            raise RefusedError(self.refuses, "Access Denied")
        id_ = question["certificateOwnershipToken"]
        self.let_in.append(id_)
        box = "-"
        if question["parameters"]:
            key = self._key.public_key() if self.sealed_to_another else self._signed[id_].public_key()
            box = sealed(json.dumps(SECRETS).encode(), key, thing=THING, certificate=id_)
        return {"thingName": self.thing, "deviceConfiguration": {"sealed": box}}


def enrolled(root: Any, cloud: Cloud, key: bytes) -> identity.Identity:
    """Be a bank already."""
    from edge.enrolment.keys import signing_request

    made = cloud._sign(signing_request(key, THING))
    keys = Keys(**{**SECRETS, "badge_key": identity.BadgeKey(**SECRETS["badge_key"]), "mqtt": Mqtt(**SECRETS["mqtt"])})
    return identity.take_on(root, key=key, certificate=made["certificatePem"], ca=b"ca", keys=keys)
