"""Read a roster: who may take how many of what and when, what lay where (design.md, `roster`; safety.md I12).

Unknown fields are ignored, so that the cloud may say more one day. Times are Unix milliseconds of the cloud.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

MAX_ROSTER_BYTES: Final = 4_194_304  # 5,000 people take about one megabyte (docs/mqtt.md)
MAX_PEOPLE: Final = 20_000
MAX_BADGES: Final = 40_000
MAX_DOORS: Final = 64

Text = Annotated[str, Meta(max_length=256)]
Name = Annotated[str, Meta(min_length=1, max_length=128)]
Index = Annotated[int, Meta(ge=0)]
Milliseconds = Annotated[int, Meta(ge=0, le=2**53)]
Door = Annotated[int, Meta(ge=1, le=MAX_DOORS)]


class BadRosterError(ValueError):
    """This is not the roster that was promised; says what does not fit, never what is in it."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed: which body belongs to it, and when its last right ends (`exp`, Unix seconds)."""

    aud: str
    version: Name
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    bytes: Annotated[int, Meta(ge=1, le=MAX_ROSTER_BYTES)]
    exp: int


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """So many more of a type, within windows of (from, until)."""

    type: Name
    most: Annotated[int, Meta(ge=0)]
    windows: tuple[tuple[Milliseconds, Milliseconds], ...]

    def holds(self, cloud_ms: int) -> bool:
        """Whether it is in force at a moment."""
        return any(begin <= cloud_ms < end for begin, end in self.windows)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody has, and the free doors that it fits into, best first."""

    asset: Name
    title: Text = ""
    tag: Text | None = None
    due_at: Text | None = None
    doors: tuple[Door, ...] = ()


class Borrower(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may come: `most` things more in all, under the rights at `rights`."""

    display: Text = ""
    language: Text = "en"
    most: Annotated[int, Meta(ge=0)]
    rights: Index
    loans: tuple[Held, ...] = ()


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that lay in a door, at rest, and may be lent."""

    asset: Name
    type: Name
    title: Text = ""
    tag: Text | None = None


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The roster as it was fetched; `made_ms` is the moment that it tells of."""

    version: Name
    thing: str
    made_ms: Milliseconds
    badges: Annotated[dict[str, Index], Meta(max_length=MAX_BADGES)]
    people: Annotated[tuple[Borrower, ...], Meta(max_length=MAX_PEOPLE)]
    rights: Annotated[tuple[tuple[Right, ...], ...], Meta(max_length=MAX_PEOPLE)]
    doors: Annotated[dict[Door, tuple[Content, ...]], Meta(max_length=MAX_DOORS)] = {}
    free: Annotated[tuple[Door, ...], Meta(max_length=MAX_DOORS)] = ()


class Roster:
    """A roster that fits together, looked things up in."""

    def __init__(self, manifest: Manifest, body: Body) -> None:
        self.version, self.made_ms, self.doors, self.free = body.version, body.made_ms, body.doors, body.free
        self._body, self._exp_ms = body, manifest.exp * 1000
        self._tagged = {content.tag: content for content in _contents(body.doors) if content.tag is not None}

    def borrower(self, tokens: tuple[str, ...]) -> tuple[Borrower, str] | None:
        """Return whom one of a badge's tokens leads to, and that token; None for an unknown badge."""
        found = ((self._body.badges[token], token) for token in tokens if token in self._body.badges)
        index, token = next(found, (None, ""))
        return None if index is None else (self._body.people[index], token)

    def badges_of(self, token: str) -> tuple[str, ...]:
        """Return every token that leads to the person whom `token` leads to."""
        index = self._body.badges[token]
        return tuple(each for each, leads_to in self._body.badges.items() if leads_to == index)

    def rights_of(self, borrower: Borrower) -> tuple[Right, ...]:
        """Return what somebody may take, whenever."""
        return self._body.rights[borrower.rights]

    def is_over(self, cloud_ms: int) -> bool:
        """Whether it lends nothing any more and only knows people."""
        return cloud_ms >= self._exp_ms

    def tagged(self, tag: str) -> Content | None:
        """Return the thing that may be lent and has this tag."""
        return self._tagged.get(tag)


def read(manifest: Manifest, body: bytes, thing: str) -> Roster:
    """Return the roster of `thing` that the manifest promised; raises BadRosterError for anything else."""
    if len(body) != manifest.bytes or hashlib.sha256(body).hexdigest() != manifest.sha256:
        raise BadRosterError("not the bytes that were signed")
    try:
        told = msgspec.json.decode(body, type=Body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRosterError(f"another shape: {type(error).__name__}") from error
    if told.thing != thing or manifest.aud != thing:
        raise BadRosterError("of another bank")
    if told.version != manifest.version:
        raise BadRosterError("of another version")
    if any(index >= len(told.people) for index in told.badges.values()):
        raise BadRosterError("a badge leads to nobody")
    if any(person.rights >= len(told.rights) for person in told.people):
        raise BadRosterError("somebody's rights are missing")
    return Roster(manifest, told)


def _contents(doors: Mapping[int, tuple[Content, ...]]) -> Iterator[Content]:
    return (content for contents in doors.values() for content in contents)
