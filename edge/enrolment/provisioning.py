"""The two questions of fleet provisioning: a certificate for a key of our own, and to be let in with it.

(https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html)
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from edge.enrolment.identity import certificate_id
from edge.enrolment.keys import fits
from edge.enrolment.questions import SilentError

CREATE: Final = "$aws/certificates/create-from-csr/json"
MOST_CHARACTERS: Final = 16_384

Told = TypeVar("Told", bound=msgspec.Struct)
Ask = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]


class Signed(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A certificate that may do nothing yet; the token lets whoever holds it ask for more, for an hour."""

    certificate_id: str
    certificate_pem: str
    certificate_ownership_token: str


class LetIn(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the provisioning template answers."""

    thing_name: str
    device_configuration: dict[str, str]

    @property
    def sealed(self) -> str:
        """The bank's keys, sealed to the board's; `-` where there are none."""
        return self.device_configuration.get("sealed", "-")


def provision(template: str) -> str:
    """Return the topic on which to ask to be let in by a template."""
    return f"$aws/provisioning-templates/{template}/provision/json"


def topics(template: str) -> list[str]:
    """Return what to subscribe to before anything is asked; the service takes no wildcard here."""
    return [f"{topic}/{verdict}" for topic in (CREATE, provision(template)) for verdict in ("accepted", "rejected")]


async def signed(ask: Ask, request: str, key: bytes) -> Signed:
    """Return a certificate for a signing request made with `key`; raises RefusedError, or SilentError for nonsense."""
    answer = _read(await ask(CREATE, {"certificateSigningRequest": request}), Signed)
    pem = answer.certificate_pem
    if len(pem) > MOST_CHARACTERS or not fits(key, pem) or certificate_id(pem) != answer.certificate_id:
        raise SilentError("the certificate that came is not one for this board's key")
    return answer


async def let_in(ask: Ask, template: str, certificate: Signed, parameters: Mapping[str, str]) -> LetIn:
    """Ask to be let in with a certificate; raises RefusedError or SilentError."""
    question = {
        "certificateOwnershipToken": certificate.certificate_ownership_token,
        "parameters": dict(parameters),
    }
    return _read(await ask(provision(template), question), LetIn)


def _read(answer: dict[str, Any], kind: type[Told]) -> Told:
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as error:
        raise SilentError(f"the answer is not as documented: {error}") from error
