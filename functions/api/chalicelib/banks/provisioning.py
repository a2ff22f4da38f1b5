"""The pre-provisioning hook: IoT Core asks before it lets a new certificate in (docs/fleet.md).

Two ask by the same template. A board that enrols itself comes with a claim certificate, the bank's id and a token; a
bank that renews its certificate comes with the certificate it has, and says nothing. What they say is untrusted; the
certificates, who showed them, and the client id are IoT Core's word.
"""

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from chalicelib.flows import claim_bank, renew_certificate
from chalicelib.web.fields import ID_PATTERN
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal
from toolcrib.settings import settings
from toolcrib.store.certificates import thing_of
from toolcrib.telemetry import count, record

Answer = dict[str, Any]
NO: Final[Answer] = {"allowProvisioning": False}
MALFORMED: Final = "malformed"
MOST_CHARACTERS: Final = 16_384  # of a certificate in PEM; IoT Core's are a tenth of that

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class Said(Record, frozen=True, kw_only=True, rename="pascal"):
    """What the board says of itself."""

    bank: Annotated[str, msgspec.Meta(pattern=ID_PATTERN)] | None = None
    token: Annotated[str, msgspec.Meta(min_length=16, max_length=128)] | None = None


class Hooked(Record, frozen=True, kw_only=True, rename="camel"):
    """What IoT Core tells; more than this is not looked at."""

    certificate_id: Digest
    certificate_pem: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)]
    template_arn: str
    client_id: Annotated[str, msgspec.Meta(max_length=128)]
    claim_certificate_id: Digest
    parameters: Said = Said()

    def arn(self, certificate_id: str) -> str:
        """Return the ARN of a certificate of the account and region that ask."""
        return f"{self.template_arn.rsplit(':', 1)[0]}:cert/{certificate_id}"


def answer(event: dict[str, Any], *, at: datetime) -> Answer:
    """Return whether the certificate may be let in, and as what. Why not is logged, and not told."""
    org = settings().toolcrib_org
    try:
        asked = msgspec.convert(event, Hooked)
    except msgspec.ValidationError:
        return _refused(org, MALFORMED)
    said = asked.parameters
    try:
        thing, box = _let_in(org, asked, at)
    except Refusal as refusal:
        return _refused(org, refusal.code, said.bank)
    record("provision", org=org, bank=said.bank, op=asked.certificate_id, outcome="allowed")
    return {"allowProvisioning": True, "parameterOverrides": {"Thing": thing, "Sealed": box}}


def _let_in(org: str, asked: Hooked, at: datetime) -> tuple[str, str]:
    """Return the thing it is to be, and what it is told; raises `Refusal`."""
    certificate, pem, said = asked.arn(asked.certificate_id), asked.certificate_pem, asked.parameters
    if said.bank is not None and said.token is not None:
        return thing_of(org, said.bank), claim_bank.handle(org, said.bank, said.token, certificate, pem, at=at)
    by = asked.arn(asked.claim_certificate_id)
    return asked.client_id, renew_certificate.handle(org, asked.client_id, certificate, pem, by=by, at=at)


def _refused(org: str, why: str, bank: str | None = None) -> Answer:
    count("ProvisioningsRefused", org=org)
    record("provision", org=org, bank=bank, outcome=why)
    return NO
