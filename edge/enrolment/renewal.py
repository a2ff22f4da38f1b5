"""A running bank renews its certificate, and stays in service whenever the power goes (docs/fleet.md).

    1  next/key.pem     a new key, made here
    2  asked over the bank's own connection: a certificate for it, and to be let in beside the present one
    3  next/cert.pem    kept once the cloud has let it in
    4  tried: a connection with it, as the bank. The cloud hears of that, and lets go of the one before
    5  take_on          the running controller finds it with its next connection

Cut off before 3, it begins again with the same key. Cut off after 3, it is tried again before anything else is: the
cloud may have changed over already, so it is tried without the bank's own connection, and whenever there is none.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import aiomqtt

from edge import durable
from edge.enrolment import identity, keys, provisioning
from edge.enrolment.calendar import due_at
from edge.enrolment.identity import NEXT, Identity
from edge.enrolment.provisioning import Ask
from edge.enrolment.questions import RefusedError, SilentError
from edge.link import REFUSED, TIMEOUT_S

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 3_600.0
TRY_AGAIN_S: Final = 60.0  # while a next certificate waits for its first connection
MOST_TRIES: Final = 60  # an hour: by then the network is there, or the bank has none at all

Now = Callable[[], datetime | None]
Try = Callable[[Identity, Path], Awaitable[bool]]


class Renewal:
    """Renews the certificate in a folder.

    `ask` asks over the bank's own connection. `now` is the cloud's time, None while it is not trusted. `idle` is
    whether nobody stands at the bank: renewing costs a connection, and with it whatever was being asked.
    """

    def __init__(
        self, root: Path, template: str, ask: Ask, *, now: Now, idle: Callable[[], bool], attempt: Try | None = None
    ) -> None:
        self._root, self._template, self._ask = root, template, ask
        self._now, self._idle, self._attempt = now, idle, attempt or connects
        self._refused = 0

    async def run(self) -> None:
        """Look after the certificate for ever; whatever goes wrong is logged and tried again."""
        while True:
            try:
                await self.look()
            except (RefusedError, SilentError, OSError, keys.UnreadableError) as error:
                log.warning("the certificate is not renewed yet: %s", error)
            await asyncio.sleep(TRY_AGAIN_S if self.waiting else LOOK_EVERY_S)

    @property
    def waiting(self) -> bool:
        """Whether a next certificate was let in and has not been connected with."""
        return (self._root / NEXT / "cert.pem").exists()

    @property
    def due(self) -> bool:
        """Whether the present certificate is to be renewed; never while the time is not trusted."""
        now = self._now()
        return now is not None and now >= due_at(identity.read(self._root).certificate)

    async def look(self) -> bool:
        """Do what there is to do now; returns whether the bank has a new certificate.

        A next certificate is never given up: the cloud may have changed over to it, and then it is the only one that
        holds. Where it is refused again and again and the present one still works, another takes its place.
        """
        identity.tidy(self._root)
        if not self._idle():
            return False
        if self.waiting:
            if await self._change_over():
                return True
            if self._refused < MOST_TRIES:
                return False
        elif not self.due:
            return False
        await self._let_in()
        return await self._change_over()

    async def _let_in(self) -> None:
        key = identity.next_key(self._root, keys.new_key())
        thing = identity.read(self._root).keys.thing
        certificate = await provisioning.signed(self._ask, keys.signing_request(key, thing), key)
        await provisioning.let_in(self._ask, self._template, certificate, {})
        durable.put(self._root / NEXT / "cert.pem", certificate.certificate_pem.encode())
        self._refused = 0

    async def _change_over(self) -> bool:
        present, place = identity.read(self._root), self._root / NEXT
        if not await self._attempt(present, place):
            self._refused += 1
            return False
        identity.take_on(
            self._root,
            key=(place / "key.pem").read_bytes(),
            certificate=(place / "cert.pem").read_text(),
            ca=present.ca.read_bytes(),
            keys=present.keys,
            template=present.template or self._template,
        )
        log.info("the certificate is renewed")
        return True


async def connects(who: Identity, place: Path) -> bool:
    """Whether the broker lets the bank in with the key and certificate in a folder.

    Raises OSError when it cannot be asked. The bank's own connection ends with this, and comes back by itself.
    """
    context = ssl.create_default_context(cafile=str(who.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(place / "cert.pem", place / "key.pem")
    mqtt, thing = who.keys.mqtt, who.keys.thing
    try:
        async with aiomqtt.Client(
            mqtt.host,
            mqtt.port,
            identifier=thing,
            tls_context=context,
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=True,
            timeout=TIMEOUT_S,
        ) as client:
            granted = await client.subscribe(f"toolcrib/v1/{thing}/down/+", qos=1)
            return all(code < REFUSED for code in granted)
    except aiomqtt.MqttError as error:
        log.info("the next certificate is not let in: %s", error)
        return False
