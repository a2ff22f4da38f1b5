"""A board enrols itself: makes a key, claims the bank it was prepared for, keeps what it is told (docs/fleet.md).

    1  next/key.pem              the key, made here; it stays the same until the board is a bank
    2  a certificate for it      may do nothing
    3  to be let in as the bank  with the token; the keys come sealed to the board's key
    4  take_on                   from here it is the bank

Cut off anywhere, the same call with the same claim goes on: the token is bound to the key, not used up.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Final

import aiomqtt
import msgspec

from edge import durable
from edge.enrolment import identity, keys, provisioning
from edge.enrolment.identity import Identity, Mqtt
from edge.enrolment.questions import Questions, RefusedError, SilentError
from edge.link import TIMEOUT_S

NOT_NOW: Final = frozenset({"InvocationError", "InternalFailure", "Throttled", "ServiceUnavailable"})
"""Refusals that are not about the claim: asking again may help."""
TRY_AGAIN: Final = "Try again: the claim is not used up by that."
NEW_CLAIM: Final = "Ask for a new claim: this one is over, was taken back, or belongs to another board."


class ClaimCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """By which the board is let in to ask, in PEM: five minutes' worth, or a factory's."""

    certificate: str
    private_key: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /v1/banks/{id}/enrolment/claims` answers; a factory puts its own `claim` in (docs/fleet.md)."""

    thing: str
    template: str
    token: str
    ca: str
    mqtt: Mqtt
    claim: ClaimCertificate

    @property
    def org(self) -> str:
        """Whose bank it is."""
        return self.thing.partition(":")[0]

    @property
    def bank(self) -> str:
        """Which bank of the org's it is."""
        return self.thing.partition(":")[2]


class NotEnrolled(Exception):  # noqa: N818 - an answer to whoever enrols, with what to do
    """The board is not the bank; says why, and whether the same claim may be tried again (`again`)."""

    def __init__(self, why: str, *, again: bool) -> None:
        self.again = again
        super().__init__(why)


def read_claim(text: bytes) -> Claim:
    """Return the claim in a JSON file; raises NotEnrolled with what does not fit."""
    try:
        return msgspec.json.decode(text, type=Claim)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotEnrolled(f"the claim cannot be read: {error}", again=False) from error


async def enrol_by_claim(claim: Claim, root: Path) -> Identity:
    """Become the bank of a claim, and return who the board is now; its folder is `root`.

    The bank's earlier controller, if it had one, is shut out by that. A claim that was carried out already is not
    carried out again. Raises NotEnrolled.
    """
    identity.tidy(durable.folder(root))
    if is_carried_out(claim, root):
        return identity.read(root)
    key = identity.next_key(root, keys.new_key())
    try:
        async with _connected(claim) as questions:
            certificate = await provisioning.signed(questions.ask, keys.signing_request(key, claim.thing), key)
            said = {"Bank": claim.bank, "Token": claim.token}
            answer = await provisioning.let_in(questions.ask, claim.template, certificate, said)
    except RefusedError as error:
        again = error.code in NOT_NOW
        advice = (
            "Try again." if again else "Ask for a new claim: this one is over, used by another board, or taken back."
        )
        raise NotEnrolled(f"{claim.thing} is refused ({error}). {advice}", again=again) from error
    except (SilentError, aiomqtt.MqttError, OSError) as error:
        raise NotEnrolled(
            f"{claim.mqtt.host}:{claim.mqtt.port} did not answer ({error}). Try again.", again=True
        ) from error
    return _taken_on(claim, root, key, certificate, answer)


def _taken_on(
    claim: Claim, root: Path, key: bytes, certificate: provisioning.Signed, answer: provisioning.LetIn
) -> Identity:
    named = certificate.certificate_id
    try:
        plain = keys.opened(answer.sealed, key, thing=claim.thing, certificate_id=named)
        told = msgspec.json.decode(plain, type=identity.Keys)
    except (keys.UnreadableError, msgspec.DecodeError) as error:
        raise NotEnrolled(f"what came for {claim.thing} cannot be read: {error}", again=True) from error
    if {told.thing, answer.thing_name} != {claim.thing}:
        raise NotEnrolled(f"the cloud says that this board is {answer.thing_name}", again=False)
    return identity.take_on(
        root,
        key=key,
        certificate=certificate.certificate_pem,
        ca=claim.ca.encode(),
        keys=told,
        by=_digest(claim),
        template=claim.template,
    )


def is_carried_out(claim: Claim, root: Path) -> bool:
    """Whether the board became who it is by this very claim."""
    return identity.claimed_by(root) == _digest(claim)


def _digest(claim: Claim) -> str:
    return sha256(claim.token.encode()).hexdigest()


@asynccontextmanager
async def _connected(claim: Claim) -> AsyncIterator[Questions]:
    """Be connected with the claim certificate, under a name that no bank has."""
    async with (
        aiomqtt.Client(
            claim.mqtt.host,
            claim.mqtt.port,
            identifier=f"_claim:{claim.org}:{token_hex(8)}",
            tls_context=_tls(claim),
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=True,
            timeout=TIMEOUT_S,
        ) as client,
        listening(client) as questions,
    ):
        for topic in provisioning.topics(claim.template):
            await client.subscribe(topic, qos=1)
        yield questions


@asynccontextmanager
async def listening(client: aiomqtt.Client) -> AsyncIterator[Questions]:
    """Ask over a connection, and hear the answers, for as long as it is wanted."""
    questions = Questions(lambda topic, payload: client.publish(topic, payload, qos=1))

    async def hear() -> None:
        with suppress(aiomqtt.MqttError):
            async for message in client.messages:
                questions.received(message.topic.value, bytes(message.payload or b""))
        questions.lost()

    hearing = asyncio.create_task(hear())
    try:
        yield questions
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing


def _tls(claim: Claim) -> ssl.SSLContext:
    """Trust the claim's authority alone, and show its certificate; Python reads that from files only."""
    context = ssl.create_default_context(cadata=claim.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with TemporaryDirectory(prefix="toolcrib-claim-") as place:  # which nobody else may look into
        cert, key = Path(place, "cert.pem"), Path(place, "key.pem")
        cert.write_text(claim.claim.certificate)
        key.write_text(claim.claim.private_key)
        context.load_cert_chain(cert, key)
    return context
