"""Messages to banks over IoT Core: at most once from here, never retained (safety.md, *Traps*)."""

from datetime import datetime

import msgspec

from toolcrib.clients import client
from toolcrib.domain.change import OpenDoor
from toolcrib.domain.doors import COMMAND_LIFE, Bank
from toolcrib.secrets import master
from toolcrib.send.signing import command_key, seconds, sign
from toolcrib.settings import settings
from toolcrib.wire.downs import AckDown, Down, OpenDown, Rejected

QOS = 1


def publish(org: str, bank: str, message: Down) -> None:
    """Publish a message on its bank's topic; the class's name tells the kind."""
    kind = type(message).__name__.removesuffix("Down").lower()
    body = msgspec.json.encode(message)
    client("iot-data", settings().iot_data_endpoint).publish(
        topic=f"toolcrib/v1/{org}:{bank}/down/{kind}", qos=QOS, payload=body
    )


def open_door(org: str, bank: Bank, order: OpenDoor, *, now: datetime) -> None:
    """Sign and publish a door command. The same grant signed again has the same `jti` and opens nothing twice."""
    grant = order.grant
    until = min(grant.expires_at, now + COMMAND_LIFE)  # the record's may be later: two taps can overtake each other
    claims: dict[str, object] = {
        "jti": grant.id,
        "aud": f"{org}:{bank.id}",
        "door": order.door,
        "purpose": str(grant.purpose),
        "re": order.re,
        "iat": seconds(now),
        "exp": seconds(until),
    }
    key = command_key(master(), org=org, bank=bank.id, generation=bank.generation)
    publish(org, bank.id, OpenDown(re=order.re, command=sign(key, kid=bank.generation, claims=claims)))


def acknowledge(org: str, bank: str, report: str) -> None:
    """Tell a bank that a report's effect is committed."""
    publish(org, bank, AckDown(re=report, ids=(report,)))


def reject(org: str, bank: str, report: str, code: str) -> None:
    """Tell a bank that a report can never be applied; a case keeps what it said."""
    publish(org, bank, AckDown(re=report, rejected=(Rejected(id=report, code=code),)))
