"""How soon a kiosk's page knows: from a badge at the reader to the view on the wire, over loopback, worst of many."""

import json
import time
from collections.abc import Iterator

import httpx

from edge.drivers.base import BadgeRead
from edge.kiosk import acts
from tests.edge.rig import UID
from tests.support.kiosks import Stage, on_stage

TAPS = 100


def page_told_ms() -> tuple[float, float]:
    """Return the worst and the median of 100 taps, in milliseconds."""
    took: list[float] = []
    with on_stage() as stage, httpx.stream("GET", f"{stage.url}events", trust_env=False, timeout=30) as stream:
        screens = _screens(stream)
        _until(screens, "idle")
        for _ in range(TAPS):
            began = time.perf_counter()
            stage.do(lambda: stage.cabinet.happens(BadgeRead(uid=UID)))
            _until(screens, "working")
            took.append((time.perf_counter() - began) * 1000)
            _leave(stage)
            _until(screens, "idle")
    return max(took), sorted(took)[TAPS // 2]


def _leave(stage: Stage) -> None:
    stage.do(lambda: stage.kiosk.act(acts.Leave()))


def _screens(stream: httpx.Response) -> Iterator[str]:
    for line in stream.iter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))["view"]["screen"]


def _until(screens: Iterator[str], wanted: str) -> None:
    while next(screens) != wanted:
        pass
