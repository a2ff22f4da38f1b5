"""The roster: what a bank may lend, to whom and until when, while it cannot ask (design.md, `roster`; safety.md I12).

The manifest travels retained over MQTT, signed as a bank's commands are; the body lies in S3 and is fetched. Times in
the body are Unix milliseconds of the cloud. What needs a PIN, a colleague, terms or answers is in no roster: nobody
could check them.
"""

from typing import Annotated

from msgspec import Meta, Struct

from toolcrib.wire.uploads import DoorNumber, Token

Index = Annotated[int, Meta(ge=0)]
Milliseconds = Annotated[int, Meta(ge=0, le=2**53)]


class ManifestClaims(Struct, kw_only=True, frozen=True):
    """What is signed in a manifest. `exp` (Unix seconds) is when the last right in it ends."""

    aud: str
    version: str
    sha256: str
    bytes: Annotated[int, Meta(ge=1)]
    exp: int


class Right(Struct, kw_only=True, frozen=True):
    """So many more of a type may be taken, within `windows` of (from, until)."""

    type: str
    most: Annotated[int, Meta(ge=1)]
    windows: list[tuple[Milliseconds, Milliseconds]]


class Held(Struct, kw_only=True, frozen=True):
    """Something that is out, and the free doors that it fits into, best first."""

    asset: str
    title: str
    tag: str | None = None
    due_at: str | None = None
    doors: list[DoorNumber] = []


class Borrower(Struct, kw_only=True, frozen=True):
    """Somebody who may come; `most` things more may they take in all, under `rights` (an index into the roster's)."""

    display: str
    language: str
    most: Annotated[int, Meta(ge=0)]
    rights: Index
    loans: list[Held] = []


class Content(Struct, kw_only=True, frozen=True):
    """A thing that lay in a door, at rest, and may be lent."""

    asset: str
    type: str
    title: str
    tag: str | None = None


class Roster(Struct, kw_only=True, frozen=True):
    """The body: `made_ms` is the moment that it tells of. A door that moved since says nothing any more.

    `badges` lead to `people`, `people` to `rights` (many share one); `free` are the doors that could take something
    back, largest first. Somebody without rights is in it to bring things back.
    """

    version: str
    thing: str
    made_ms: Milliseconds
    badges: dict[Token, Index]
    people: list[Borrower]
    rights: list[list[Right]]
    doors: dict[DoorNumber, list[Content]]
    free: list[DoorNumber]
