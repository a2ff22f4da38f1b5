"""The witness of what banks do by themselves says of each opening what is wrong with it (safety.md, I12, I17)."""

import json
from hashlib import sha256
from typing import Any

import jwt
import msgspec
import pytest

from edge.config import Evidence
from edge.journal import Report
from edge.simulation.world import Cabinet
from edge.uploads import DoorReport, Offline, Outcome
from tests.simulation.alone import AHEAD_MS, BEHIND_MS, EFFECT_MS, Alone
from tests.simulation.hub import Hub, Task

MADE_MS, ENDS_MS = 1_000_000, 2_000_000
THING, VERSION = "acme:dock-01", "v1"
BODY: dict[str, Any] = {
    "made_ms": MADE_MS,
    "badges": {"card": 0, "fob": 0, "other": 1},
    "people": [
        {"most": 2, "rights": 0, "loans": [{"asset": "drill-6"}]},
        {"most": 0, "rights": 1, "loans": []},
    ],
    "rights": [
        [{"type": kind, "most": 1, "windows": [[MADE_MS, ENDS_MS]]} for kind in ("meter", "drill", "laptop")],
        [],
    ],
    "doors": {
        "4": [{"asset": "meter-15", "type": "meter"}],
        "5": [{"asset": "meter-16", "type": "meter"}],
        "2": [{"asset": "laptop-7", "type": "laptop"}],
    },
}


class Scene:
    """A bank alone, under one roster."""

    def __init__(self, *, mangled: bool = False) -> None:
        self.hub = Hub(1, MADE_MS + 1, moved=lambda _: None)
        self.cabinet = Cabinet(
            bank="dock-01",
            doors=range(1, 8),
            evidence=Evidence.DOOR_ONLY,
            contents={4: ["E2000015"], 5: ["E2000016"], 2: ["E2000007"]},
        )
        raw = json.dumps(BODY).encode()
        self.blocked: dict[str, int] = {}
        people = {"card": "p-1", "fob": "p-1", "other": "p-2"}
        self.alone = Alone(self.hub, {"acme/dock-01/v1.json": raw}, lambda _: self.cabinet, people, self.blocked)
        claims = {"aud": THING, "version": VERSION, "sha256": sha256(raw + b" " * mangled).hexdigest()}
        manifest = jwt.encode(claims | {"exp": ENDS_MS // 1000}, "a key of at least thirty-two bytes", "HS256")
        self.says("roster", manifest=manifest)

    def says(self, kind: str, **body: Any) -> None:
        self.alone.hears(Task(about="", started_ms=0), THING, kind, body)

    def opens(self, asset: str = "meter-15", *, kind: str = "take", badge: str = "card", **more: Any) -> list[str]:
        """Let the bank open a door by itself; returns what is wrong with that."""
        told = {"kind": kind, "badge": badge, "badges": ["card", "fob"], "asset": asset, "roster": VERSION}
        dealt = told | {"type": asset.split("-", maxsplit=1)[0]} | more
        before = len(self.alone.wrong)
        self.alone.pulsed(THING, {"meter-15": 4, "meter-16": 5}.get(asset, 2), "offline:1", json.dumps(dealt).encode())
        return self.alone.wrong[before:]

    def ends(self, asset: str = "meter-15", *, outcome: Outcome = Outcome.CLOSED) -> None:
        """Let the bank write down how that ended."""
        told = Offline(kind="take", badge="card", asset=asset, roster=VERSION)
        door = {"meter-15": 4, "meter-16": 5}[asset]
        body = msgspec.json.encode(DoorReport(door=door, grant=None, outcome=outcome, offline=told))
        report = Report(
            id=asset, kind="door", at="", mono_ms=0, cloud_ms=None, body=body, offline=True, boot=1, seq=len(asset)
        )
        self.alone.recorded("dock-01", report)


def test_what_a_roster_allows_is_right() -> None:
    here = Scene()
    assert here.opens() == []
    assert here.opens("drill-6", kind="return") == []
    assert here.alone.wrong == []


@pytest.mark.parametrize(
    ("asset", "more"),
    [
        ("meter-15", {"badge": "unheard-of"}),
        ("meter-15", {"roster": "v0"}),
        ("meter-15", {"badge": "other"}),
        ("meter-99", {}),
        ("drill-6", {}),
        ("meter-15", {"type": "drill"}),
        ("saw-12", {"kind": "return"}),
    ],
)
def test_what_no_roster_knows_of_is_wrong(asset: str, more: dict[str, Any]) -> None:
    assert any(each.startswith("I12") for each in Scene().opens(asset, **more))


@pytest.mark.parametrize("now_ms", [MADE_MS - AHEAD_MS - 1, ENDS_MS + BEHIND_MS])
def test_outside_of_its_window_a_right_is_none(now_ms: int) -> None:
    here = Scene()
    here.hub.now_ms = now_ms
    assert any("the right was for" in each for each in here.opens())


def test_what_is_in_a_door_that_is_still_in_use_counts() -> None:
    here = Scene()
    here.opens()
    assert any("1 of 1 were taken" in each for each in here.opens("meter-16"))


def test_a_second_badge_gives_no_second_right() -> None:
    here = Scene()
    here.opens()
    assert any("1 of 1 were taken" in each for each in here.opens("meter-16", badge="fob"))


def test_what_was_taken_counts_until_a_roster_can_know_of_it() -> None:
    here = Scene()
    here.opens()
    here.cabinet.take(4, "E2000015")
    here.ends()
    here.hub.now_ms = MADE_MS + BEHIND_MS + 1
    here.says("ack", ids=["meter-15"])
    assert any("1 of 1 were taken" in each for each in here.opens("meter-16"))
    here = Scene()
    here.opens()
    here.cabinet.take(4, "E2000015")
    here.ends()
    here.says("ack", ids=["meter-15"])  # before the roster was made
    assert here.opens("meter-16") == []


def test_what_was_left_where_it_lay_does_not_count() -> None:
    here = Scene()
    here.opens()
    here.ends()
    assert here.opens("meter-16") == []


def test_who_was_blocked_before_the_roster_was_made_gets_nothing() -> None:
    here = Scene()
    here.blocked["p-1"] = MADE_MS - EFFECT_MS
    assert here.opens() == []
    here.blocked["p-1"] = MADE_MS - EFFECT_MS - 1
    assert any(each.startswith("I17") for each in here.opens("meter-16"))


def test_what_takes_more_than_a_badge_is_never_lent_alone() -> None:
    assert any("rows 12 and 13" in each for each in Scene().opens("laptop-7"))


def test_what_was_noted_to_be_taken_when_the_power_went_may_be_brought_back() -> None:
    here = Scene()
    here.ends(outcome=Outcome.UNRESOLVED)  # noted down, and no lock was released
    assert here.opens("meter-15", kind="return", badge="other") == []
    assert any("not theirs" in each for each in here.opens("meter-16", kind="return", badge="other"))


def test_an_opening_has_to_be_durable_before_its_pulse() -> None:
    here = Scene()
    here.alone.pulsed(THING, 4, "offline:1", None)
    assert here.alone.wrong == ["I12: acme:dock-01 4 opened by offline:1 before what it is about was durable"]


def test_a_manifest_that_promises_other_bytes_is_wrong() -> None:
    (wrong,) = Scene(mangled=True).alone.wrong
    assert "is not what lies there" in wrong
