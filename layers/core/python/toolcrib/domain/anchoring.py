"""Anchors: the heads of all chains, written daily where nobody can change them (safety.md, threat 33).

A day's heads are one series of parts, each with the digest of the part before it (of an earlier day, for the first):
whoever rewrites, drops or slips in one part breaks the chain of parts. A series that broke off is continued by the
next run, after the last asset it names.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import field

from toolcrib.domain.events import instant
from toolcrib.domain.faults import Fault
from toolcrib.domain.record import Record

Heads = Mapping[str, tuple[int, str]]

HEADS_PER_PART: Final = 5000  # a part is well under a megabyte


class Manifest(Record, frozen=True, kw_only=True):
    """One part: asset → (version, head). `series` is the day it belongs to, `last` whether that day ends with it."""

    org: str
    at: datetime
    series: str
    part: int
    last: bool
    heads: Heads = field(default_factory=dict)
    previous: str = ""


class Place(Record, frozen=True, kw_only=True):
    """Where anchoring stands: the series, the next part of it, after which asset, and the digest before it."""

    series: str
    part: int
    after: str | None
    previous: str


def next_place(latest: Manifest | None, digest: str, now: datetime) -> Place | None:
    """Return where to go on after the latest part (and its digest); None when today's series is complete."""
    today = now.date().isoformat()
    if latest is None:
        return Place(series=today, part=1, after=None, previous="")
    if not latest.last:
        return Place(series=latest.series, part=latest.part + 1, after=max(latest.heads, default=None), previous=digest)
    if latest.series >= today:
        return None
    return Place(series=today, part=1, after=None, previous=digest)


def as_bytes(manifest: Manifest) -> bytes:
    """Return a part as it is stored and digested."""
    record: dict[str, Any] = {
        "org": manifest.org,
        "at": instant(manifest.at),
        "series": manifest.series,
        "part": manifest.part,
        "last": manifest.last,
        "heads": {asset: list(head) for asset, head in manifest.heads.items()},
        "previous": manifest.previous,
    }
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def digest_of(stored: bytes) -> str:
    """Return SHA-256, in hex, of a part as it is stored."""
    return sha256(stored).hexdigest()


def check_part(key: str, part: Manifest | None, *, versions: int, before: str) -> Iterator[Fault]:
    """Yield what does not fit a stored part; `before` is the digest of the part before it (I2, threat 33)."""
    if versions > 1:
        yield _fault(key, f"it was written {versions} times")
    if part is None:
        yield _fault(key, "it does not read as anchors")
    elif key != f"{part.org}/{part.series}/{part.part:05d}.json":
        yield _fault(key, f"it says it is part {part.part} of {part.series}")
    elif part.previous != before:
        yield _fault(key, "it does not follow the part before it")


def check_heads(key: str, heads: Heads, found: Mapping[tuple[str, int], str]) -> Iterator[Fault]:
    """Yield the anchored heads that are not in the ledger; `found` are its hashes by (asset, version)."""
    for asset, (version, head) in heads.items():
        there = found.get((asset, version))
        if there is None:
            yield _fault(key, f"asset {asset} had event {version} then, and has not now")
        elif there != head:
            yield _fault(key, f"asset {asset} had another event {version} then")


def _fault(key: str, why: str) -> Fault:
    return Fault(rule="anchor", thing=key, why=why)
