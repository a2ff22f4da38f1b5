"""The cloud's parsers by themselves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from chalicelib.deciding.badges import BadgeFormat, canonical
from chalicelib.deciding.signing_requests import checked
from chalicelib.notices import mail_events
from chalicelib.notices.stream import heard
from tests.proof.fuzzing.parser import Feed, Parser, pure, text
from tests.support.banks import rule_event
from tests.support.certificates import csr
from tests.support.tables import MASTER
from tests.support.workplace import NOW, TOKEN
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.rostering.roster import Question, roster
from toolcrib.domain.rostering.table import read
from toolcrib.send import sessions
from toolcrib.store.shifts import packed, unpacked
from toolcrib.wire import uploads
from toolcrib.wire.arrivals import BadUpload, arrival

EVENTS = [json.loads(path.read_text()) for path in sorted(Path("events").glob("*.json"))]
KINDS: dict[str, type[uploads.Upload]] = {
    kind.__name__.lower(): kind
    for kind in (
        uploads.Tap,
        uploads.Choice,
        uploads.Time,
        uploads.Door,
        uploads.Fault,
        uploads.Status,
        uploads.Alarm,
    )
}
FORMATS = tuple(BadgeFormat)
CARDS = {
    BadgeFormat.HEX: ("04A2246B1F9080", "0a:1b:2c", "de-ad be EF"),
    BadgeFormat.WIEGAND26: ("0" * 25 + "1", "0A1B2C"),
    BadgeFormat.WIEGAND34: ("0" * 33 + "1", "DEADBEEF"),
    BadgeFormat.WIEGAND37: ("0" * 36 + "1", "070A1B2C3D"),
}


class NoInputError(ValueError):
    """Bytes that the runtime would not have handed on."""


def seeds_of(kind: str) -> tuple[bytes, ...]:
    """Return the documented payloads of a kind of upload."""
    found = (event for event in EVENTS if event.get("topic", "").endswith(f"/up/{kind}"))
    return tuple(json.dumps(event["payload"]).encode() for event in found)


def loaded(data: bytes) -> Any:
    """Return what Lambda's runtime makes of an event."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoInputError from error


def _upload(kind: str) -> Parser:
    def feed(data: bytes) -> None:
        arrival(rule_event("acme:hq-01", data, NOW), KINDS[kind])

    return Parser(name=f"upload {kind}", opened=pure(feed), refusals=(BadUpload,), seeds=seeds_of(kind))


def _event(data: bytes) -> None:
    """A topic's thing and a body that need not be base64."""
    thing, _, body = text(data).partition("\n")
    arrival({"thing": thing, "body": body, "received_ms": 1_795_000_000_000}, uploads.Time)


def _whole_event() -> bytes:
    event = rule_event("acme:hq-01", seeds_of("time")[0], NOW)
    return f"{event['thing']}\n{event['body']}".encode()


def _number(data: bytes) -> None:
    canonical(text(data[1:]), FORMATS[data[0] % len(FORMATS)] if data else FORMATS[0])


def _roster(data: bytes) -> None:
    """What is read of a roster has to make sense, or to be named with its row."""
    lines, _ = read(data.decode("utf-8", "replace"))
    site = Site(id="hq", name="HQ", time_zone="Europe/Berlin")
    people = {"p-1": Person(id="p-1", name="Ann")}
    said, errors = roster(lines, Question(site=site, at=NOW, people=people, groups={"crew"}))
    assert {error.row for error in errors} <= {line.row for line in lines}
    assert unpacked(packed(said.people.get("p-1", ()))) == said.people.get("p-1", ()) or errors


@contextmanager
def _sessions() -> Iterator[Feed]:
    """What comes back in place of a session's token; what is inside one nobody but us can write."""
    with patch.object(sessions, "master", lambda: bytes.fromhex(MASTER)):
        sealed = sessions.seal(SESSION)
        yield lambda data: sessions.unseal(data.decode("utf-8", "replace").replace(SEALED, sealed), now=NOW)


SESSION = sessions.Session(
    org="acme", bank="hq-01", generation=1, person="p-1", badge=TOKEN, upload="01J", begun_at=NOW
)
ROSTERS = (
    b"person,starts,ends,groups\np-1,2026-11-23T06:00,2026-11-23T14:00,crew\np-1,,,\n",
    b'\xef\xbb\xbfstarts;ends;person\r\n2026-10-25T02:30+02:00;2026-10-25T10:00Z;"p-1"\r\n',
)
SEALED = "@sealed"  # in an input: a good token
STREAM = json.loads(Path("events/notice_stream.json").read_text())["Records"]

PARSERS = (
    *map(_upload, KINDS),
    Parser(name="rule event", opened=pure(_event), refusals=(BadUpload,), seeds=(_whole_event(),)),
    Parser(
        name="stream record",
        opened=pure(lambda data: heard(loaded(data))),
        refusals=(msgspec.ValidationError, ValueError),
        seeds=tuple(json.dumps(record).encode() for record in STREAM),
    ),
    Parser(
        name="what SES says of a mail",
        opened=pure(lambda data: mail_events.heard(loaded(data), org="acme")),
        refusals=(mail_events.UnreadableError, NoInputError),
        seeds=tuple(path.read_bytes() for path in sorted(Path("events").glob("mail_*.json"))),
    ),
    Parser(
        name="badge number",
        opened=pure(_number),
        refusals=(Invalid,),
        seeds=tuple(bytes([FORMATS.index(kind)]) + each.encode() for kind, cards in CARDS.items() for each in cards),
    ),
    Parser(name="roster", opened=pure(_roster), refusals=(Invalid,), seeds=ROSTERS),
    Parser(name="session", opened=_sessions, refusals=(), seeds=(SEALED.encode(), b"gAAAAABqE0=")),
    Parser(
        name="signing request",
        opened=pure(lambda data: checked(data.decode("utf-8", "replace"))),
        refusals=(Invalid,),
        seeds=(csr().encode(),),
    ),
)
