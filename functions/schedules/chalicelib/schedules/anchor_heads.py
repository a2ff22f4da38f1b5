"""Every day: put the heads of all chains where nobody can change them. What broke off is continued by the next run."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from toolcrib.domain.anchoring import HEADS_PER_PART, Manifest, Place, next_place
from toolcrib.store import anchors
from toolcrib.store.scan import list_heads
from toolcrib.telemetry import count, record

LEAST_TIME_S = 10.0  # for one more part


def handle(org: str, *, now: datetime, time_left_s: Callable[[], float] = lambda: 900.0) -> dict[str, int]:
    """Anchor every chain of an org; returns how many heads in how many parts, and whether something is left."""
    done = {"heads": 0, "parts": 0, "left_for_next_run": 0}
    latest = anchors.find_latest(org)
    place = next_place(latest.manifest if latest else None, latest.digest if latest else "", now)
    while place is not None and not done["left_for_next_run"]:
        place = _series(org, place, now, time_left_s, done)
    count("AnchoredHeads", done["heads"])
    record("anchor_heads", org=org, outcome=f"{done['heads']} heads in {done['parts']} parts")
    return done


def _series(
    org: str, place: Place, now: datetime, time_left_s: Callable[[], float], done: dict[str, int]
) -> Place | None:
    """Write one series to its end, or for as long as there is time; return where the next one begins, if it does."""
    heads, digest, part = list_heads(org, after=place.after), place.previous, place.part
    ahead = _take(heads)
    while True:
        if time_left_s() < LEAST_TIME_S:
            done["left_for_next_run"] = 1
            return None
        now_written, ahead = ahead, _take(heads)
        manifest = Manifest(
            org=org, at=now, series=place.series, part=part, last=not ahead, heads=now_written, previous=digest
        )
        digest, part = anchors.put(manifest), part + 1
        done["parts"] += 1
        done["heads"] += len(now_written)
        if manifest.last:
            return next_place(manifest, digest, now)


def _take(heads: Iterator[tuple[str, tuple[int, str]]]) -> dict[str, tuple[int, str]]:
    return dict(islice(heads, HEADS_PER_PART))
