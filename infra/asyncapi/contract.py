"""The messages of the contract: found among the types of the wire, with what answers them and an example of each."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from inspect import getdoc
from typing import Any, Final, cast

import jwt
import msgspec

from infra.cli.paths import ROOT
from toolcrib.wire import downs, uploads

EVENTS: Final = ROOT / "events"
THING: Final = "acme:hq-01"
KEY: Final = bytes(range(32))  # of the examples: 00..1f
AT: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TERMS: Final = "Wear goggles."
ANSWERED: Final[dict[str, tuple[str, ...]]] = {
    "tap": ("session", "open", "notice"),
    "choice": ("open", "session", "notice"),
    "code": ("open", "notice"),
    "time": ("time",),
    "fetch": ("fetch",),
    "door": ("ack", "notice"),
    "fault": ("ack", "notice"),
    "status": ("ack",),
    "alarm": ("ack",),
}
"""What answers each upload (design.md). Beside its ack a fault gets a notice where a photo follows, and a door where
somebody stands there and is told what came of it.
"""
RETAINED: Final = frozenset({"roster"})


@dataclass(frozen=True, kw_only=True)
class Message:
    """A kind of message: `up` from a bank, or down to it; `type` is what parses or makes it."""

    kind: str
    type: type[msgspec.Struct]
    up: bool
    examples: tuple[tuple[str, dict[str, Any]], ...]

    @property
    def direction(self) -> str:
        """Return up or down, as in the topic."""
        return "up" if self.up else "down"

    @property
    def name(self) -> str:
        """Return the message's name in the document."""
        return f"{self.direction}_{self.kind}"

    @property
    def conversation(self) -> bool:
        """Whether somebody waits for the answer, so that it is never repeated."""
        return issubclass(self.type, uploads.Conversation)

    @property
    def about(self) -> str:
        """Return what the type says of itself."""
        return " ".join((getdoc(self.type) or "").split())


def messages() -> list[Message]:
    """Return every message of the contract, up first, each by the name of its topic."""
    up = [
        Message(kind=kind.__name__.lower(), type=kind, up=True, examples=_uploaded(kind.__name__.lower()))
        for kind in _types(uploads)
        if issubclass(kind, uploads.Upload) and kind not in {uploads.Upload, uploads.Conversation, uploads.Report}
    ]
    shown = examples()
    down = [
        Message(kind=name, type=kind, up=False, examples=tuple(shown.get(name, ())))
        for kind in _types(downs)
        if (name := kind.__name__.removesuffix("Down").lower()) and issubclass(kind, downs.Down)
    ]
    return [*sorted(up, key=lambda each: each.kind), *sorted(down, key=lambda each: each.kind)]


def _types(module: Any) -> list[type[msgspec.Struct]]:
    own = (each for each in vars(module).values() if isinstance(each, type) and issubclass(each, msgspec.Struct))
    return [each for each in own if each.__module__ == module.__name__]


def _uploaded(kind: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the examples of an upload: the files of events/ with its topic, by name."""
    found = []
    for path in sorted(EVENTS.glob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(event, dict) and str(event.get("topic", "")).endswith(f"/up/{kind}"):
            found.append((path.stem, cast("dict[str, Any]", event["payload"])))
    return tuple(found)


def examples() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return examples of what the cloud sends, by kind; what is signed is signed with the key 00..1f."""
    made: dict[str, list[tuple[str, downs.Down]]] = {
        "session": [("a_choice", _session())],
        "open": [("open", downs.OpenDown(re=RE, command=_signed(_command())))],
        "notice": [
            ("refused", downs.NoticeDown(re=RE, level="warn", code="allowance_reached", text="You have 2 drills out.")),
            ("photo", downs.NoticeDown(re=RE, level="info", code="photo", text="Send the photo.", upload=_upload())),
        ],
        "ack": [
            ("committed", downs.AckDown(ids=(REPORT,))),
            ("rejected", downs.AckDown(rejected=(downs.Rejected(id=REPORT, code="unknown_door"),))),
        ],
        "time": [("time", downs.TimeDown(re=RE, time=_signed({"nonce": "nonce-12345", "now": _ms(AT)})))],
        "roster": [("roster", downs.RosterDown(manifest=_signed(_manifest())))],
        "fetch": [("fetch", downs.FetchDown(re=RE, url="https://bucket.example/rosters/hq-01?X-Amz-Expires=60"))],
    }
    return {kind: [(name, json.loads(msgspec.json.encode(each))) for name, each in few] for kind, few in made.items()}


RE: Final = "01JD4A00000000000000000001"
REPORT: Final = "01JD4A00000000000000000003"


def _manifest() -> dict[str, Any]:
    ends_at = AT + timedelta(hours=24)
    claims = {"aud": "acme:hq-01", "version": "01JD4A00000000000000000009", "sha256": "0" * 64, "bytes": 512}
    return claims | {"exp": _ms(ends_at) // 1000}


def _session() -> downs.SessionDown:
    return downs.SessionDown(
        re=RE,
        session="an-opaque-token",
        expires_at=AT + timedelta(seconds=120),
        person=downs.PersonShown(display="Ana", language="en"),
        options=(
            downs.OptionShown(
                option="take:drill",
                kind="take",
                title="Drill 1",
                door=1,
                due_at=AT + timedelta(hours=8),
                needs=("terms",),
            ),
        ),
        refusals=(downs.RefusalShown(title="Saw", code="certification_missing", text="You need the saw course."),),
        terms=downs.TermsShown(text=TERMS, sha256=sha256(TERMS.encode()).hexdigest()),
        questions=(
            downs.QuestionShown(
                id="guard", kind="yes_no", text="Is the guard on?", required=True, options=("take:drill",)
            ),
        ),
    )


def _command() -> dict[str, object]:
    issued = round(AT.timestamp())
    claims = {"jti": "a-grant", "aud": THING, "door": 1, "purpose": "take", "re": RE}
    return {**claims, "iat": issued, "exp": issued + 30}


def _upload() -> downs.UploadShown:
    return downs.UploadShown(url="https://photos.example/", fields={"key": "acme/f-1/photo", "policy": "signed"})


def _signed(claims: dict[str, object]) -> str:
    return jwt.encode(claims, KEY, algorithm="HS256", headers={"kid": "1"})


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
