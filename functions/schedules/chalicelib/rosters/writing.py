"""Rosters as banks read them: the body, what is the same in two of them, and the manifest that vouches for one."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from chalicelib.rosters.rights import Rights
from chalicelib.rosters.roster import Member, Out, Roster
from toolcrib.clients import client
from toolcrib.domain.doors import Bank
from toolcrib.domain.events import instant
from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.offline.issuing import Issued
from toolcrib.domain.record import Record
from toolcrib.domain.units import Unit
from toolcrib.secrets import master
from toolcrib.send.banks import QOS
from toolcrib.send.screens import display_name
from toolcrib.send.signing import command_key, seconds, sign
from toolcrib.settings import settings
from toolcrib.wire import rosters as wire
from toolcrib.wire.downs import RosterDown

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class Written(Record, frozen=True, kw_only=True):
    """A roster written down: what was issued, its bytes, and its essence (`essence_of`)."""

    issued: Issued
    body: bytes
    essence: str


def written(org: str, made: Roster) -> Written:
    """Return a roster as its bank reads it; its version begins with the moment it was made at, so versions sort."""
    roster = _body(org, made)
    essence = essence_of(roster, made)
    version = f"{made.made_at:%Y%m%dT%H%M%S}.{made.made_at.microsecond // 1000:03d}Z-{essence[:12]}"
    body = msgspec.json.encode(msgspec.structs.replace(roster, version=version))
    issued = Issued(version=version, made_at=made.made_at, ends_at=made.ends_at, sha256=sha256(body).hexdigest())
    return Written(issued=issued, body=body, essence=essence)


def essence_of(roster: wire.Roster, made: Roster) -> str:
    """Return a digest of what a roster says, apart from when it was made and where only its own life ends a right."""
    rights = [[_timeless(right, made) for right in each] for each in roster.rights]
    same = msgspec.structs.replace(roster, version="", made_ms=0, rights=rights)
    return sha256(msgspec.json.encode(same)).hexdigest()


def _timeless(right: wire.Right, made: Roster) -> wire.Right:
    begins = milliseconds(made.made_at)
    ends = begins + made.lives[right.type] // _MS
    windows = [(0 if since == begins else since, 0 if until == ends else until) for since, until in right.windows]
    return msgspec.structs.replace(right, windows=windows)


def _body(org: str, made: Roster) -> wire.Roster:
    return wire.Roster(
        version="",
        thing=f"{org}:{made.bank.id}",
        made_ms=milliseconds(made.made_at),
        badges=dict(made.badges),
        people=[_borrower(member, made.rights[member.rights]) for member in made.members],
        rights=[_rights(each) for each in made.rights],
        doors=_doors(made.lent),
        free=list(made.free),
    )


def _borrower(member: Member, rights: Rights) -> wire.Borrower:
    return wire.Borrower(
        display=display_name(member.person),
        language=spoken(member.person.language) or ENGLISH,
        most=rights.most,
        rights=member.rights,
        loans=[_held(each) for each in member.out],
    )


def _held(out: Out) -> wire.Held:
    held = out.held
    return wire.Held(
        asset=held.asset,
        title=held.name if out.account is None else f"{held.name} ({out.account})",
        tag=held.tag,
        due_at=instant(held.until) if out.on_loan else None,
        doors=list(out.doors),
    )


def _rights(rights: Rights) -> list[wire.Right]:
    """A window's beginning is rounded up and its end down: never a millisecond more than the rules allow."""
    return [
        wire.Right(
            type=each.type,
            most=each.most,
            windows=[(milliseconds(begins, up=True), milliseconds(ends)) for begins, ends in each.windows],
        )
        for each in rights.each
    ]


def _doors(lent: Iterable[Unit]) -> dict[int, list[wire.Content]]:
    doors: dict[int, list[wire.Content]] = {}
    for unit in lent:
        thing = unit.content
        content = wire.Content(asset=thing.asset, type=thing.type, title=thing.name, tag=thing.tag)
        doors.setdefault(unit.door.number, []).append(content)
    return doors


def milliseconds(at: datetime, *, up: bool = False) -> int:
    """Return an instant as Unix milliseconds, rounded down, or `up`."""
    since = at - _EPOCH
    return -(-since // _MS) if up else since // _MS


def tell_roster(org: str, bank: Bank, made: Written) -> None:
    """Publish the manifest of a bank's roster, retained: it is the first thing that the bank hears when it connects."""
    claims = wire.ManifestClaims(
        aud=f"{org}:{bank.id}",
        version=made.issued.version,
        sha256=made.issued.sha256,
        bytes=len(made.body),
        exp=seconds(made.issued.ends_at),
    )
    key = command_key(master(), org=org, bank=bank.id, generation=bank.generation)
    manifest = sign(key, kid=bank.generation, claims=msgspec.to_builtins(claims))
    _retain(org, bank.id, msgspec.json.encode(RosterDown(manifest=manifest)))


def forget_roster(org: str, bank: str) -> None:
    """Take back what was retained for a bank: an empty message is how MQTT says that."""
    _retain(org, bank, b"")


def _retain(org: str, bank: str, payload: bytes) -> None:
    topic = f"toolcrib/v1/{org}:{bank}/down/roster"
    client("iot-data", settings().iot_data_endpoint).publish(topic=topic, qos=QOS, payload=payload, retain=True)
