"""What the cloud writes the bank reads; whatever does not fit together is no roster."""

import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.offline.roster import MAX_PEOPLE, MAX_ROSTER_BYTES, BadRosterError, Manifest, Roster, read
from tests.edge.rosters import ANA, BEN, CEM, body, content, person, token
from toolcrib.wire import rosters as wire

THING = "acme:hq-01"


def manifest(raw: bytes, **claims: Any) -> Manifest:
    signed = {"aud": THING, "version": "r1", "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw), "exp": 9}
    return msgspec.convert(signed | claims, Manifest)


def reading(told: dict[str, Any] | bytes, **claims: Any) -> Roster:
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    return read(manifest(raw, **claims), raw, THING)


def by_the_cloud() -> wire.Roster:
    return wire.Roster(
        version="r1",
        thing=THING,
        made_ms=5,
        badges={token(ANA): 0, token(BEN): 1},
        people=[
            wire.Borrower(display="Ana", language="de", most=2, rights=1),
            wire.Borrower(
                display="Ben",
                language="en",
                most=0,
                rights=0,
                loans=[wire.Held(asset="saw", title="Saw", tag="E2", due_at="2026-11-21T17:00:00Z", doors=[4])],
            ),
        ],
        rights=[[], [wire.Right(type="drill", most=1, windows=[(1, 2), (5, 9)])]],
        doors={1: [wire.Content(asset="drill-1", type="drill", title="Drill", tag=None)]},
        free=[4, 3],
    )


def test_a_roster_of_the_cloud_is_read() -> None:
    roster = reading(msgspec.json.encode(by_the_cloud()))
    (ana, shown), (ben, _) = roster.borrower((token(ANA),)), roster.borrower(("1.x", token(BEN)))
    assert (ana.display, ana.language, ana.most, shown) == ("Ana", "de", 2, token(ANA))
    assert [(each.type, each.most, each.windows) for each in roster.rights_of(ana)] == [("drill", 1, ((1, 2), (5, 9)))]
    assert roster.rights_of(ben) == ()
    assert [(each.asset, each.tag, each.due_at, each.doors) for each in ben.loans] == [
        ("saw", "E2", "2026-11-21T17:00:00Z", (4,))
    ]
    assert [(door, each[0].asset) for door, each in roster.doors.items()] == [(1, "drill-1")]
    assert (roster.free, roster.made_ms, roster.version) == ((4, 3), 5, "r1")
    assert roster.borrower((token(CEM),)) is None


def test_a_manifest_of_the_cloud_is_read() -> None:
    claims = wire.ManifestClaims(aud=THING, version="r1", sha256="0" * 64, bytes=7, exp=9)
    assert msgspec.json.decode(msgspec.json.encode(claims), type=Manifest).bytes == 7


def test_whatever_the_clouds_types_can_say_the_banks_can_read() -> None:
    told = by_the_cloud()
    assert set(wire.Roster.__struct_fields__) == set(msgspec.to_builtins(told))
    assert reading(msgspec.json.encode(told)).tagged("E2") is None


def test_what_a_later_cloud_says_more_is_ignored() -> None:
    told = body(new=[1], people=[person() | {"new": {}}, person(rights=1)], doors={"1": [content() | {"new": 1}]})
    assert reading(told).version == "r1"


def test_the_other_badges_of_a_person_are_known() -> None:
    roster = reading(body(badges={token(ANA): 0, token(CEM): 0, token(BEN): 1}))
    assert roster.badges_of(token(CEM)) == (token(ANA), token(CEM))


@pytest.mark.parametrize(
    "changes",
    [
        {"thing": "acme:hq-02"},
        {"thing": "other:hq-01"},
        {"version": "r2"},
        {"badges": {token(ANA): 2}},
        {"badges": {token(ANA): -1}},
        {"people": [person(rights=2)]},
        {"people": [person(rights=-1)]},
        {"people": [person(most=-1)]},
        {"made_ms": -1},
        {"made_ms": "now"},
        {"doors": {"0": [content()]}},
        {"doors": {"65": [content()]}},
        {"doors": {"x": [content()]}},
        {"free": [0]},
        {"free": [65]},
        {"rights": [[{"type": "drill", "most": 1, "windows": [[1]]}], []]},
        {"rights": [[{"type": "drill", "most": -1, "windows": []}], []]},
        {"rights": [[{"type": "", "most": 1, "windows": []}], []]},
        {"people": None},
    ],
)
def test_what_does_not_fit_together_is_no_roster(changes: dict[str, Any]) -> None:
    with pytest.raises(BadRosterError):
        reading(body(**changes))


@pytest.mark.parametrize("left_out", ["version", "thing", "made_ms", "badges", "people", "rights"])
def test_nothing_that_a_decision_needs_may_be_missing(left_out: str) -> None:
    with pytest.raises(BadRosterError):
        reading({name: value for name, value in body().items() if name != left_out})


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b"{}", b"NaN"])
def test_garbage_is_no_roster(raw: bytes) -> None:
    with pytest.raises(BadRosterError):
        read(
            Manifest(aud=THING, version="r1", sha256=hashlib.sha256(raw).hexdigest(), bytes=len(raw), exp=9), raw, THING
        )


@pytest.mark.parametrize("claims", [{"sha256": "0" * 64}, {"bytes": 1}, {"aud": "acme:hq-02"}])
def test_a_body_that_was_not_promised_is_no_roster(claims: dict[str, Any]) -> None:
    with pytest.raises(BadRosterError):
        reading(body(), **claims)


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_no_bit_may_differ_from_what_was_signed(where: int, bit: int) -> None:
    raw = json.dumps(body()).encode()
    altered = bytearray(raw)
    altered[where % len(raw)] ^= 1 << bit
    with pytest.raises(BadRosterError):
        read(manifest(raw), bytes(altered), THING)


@pytest.mark.parametrize(
    "claims",
    [
        {"bytes": 0},
        {"bytes": MAX_ROSTER_BYTES + 1},
        {"sha256": "x"},
        {"sha256": "0" * 64 + "\n"},
        {"version": ""},
        {"exp": "9"},
    ],
)
def test_a_manifest_has_limits(claims: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        manifest(b"{}", **claims)


def test_there_is_a_limit_on_people() -> None:
    with pytest.raises(BadRosterError):
        reading(body(people=[person()] * (MAX_PEOPLE + 1)))
