"""Pairs over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.workplace import (
    CREW,
    DRILL,
    FALLBACK,
    bank,
    drill,
    person,
    put_asset,
    put_bank,
    put_person,
    rules,
    site,
)
from tests.support.world import world

LOCKOUT = {"id": "van", "kind": "lockout", "name": "Van and trailer", "assets": ["drill-1", "drill-2"]}


@pytest.fixture
def admin() -> Iterator[Client]:
    with world(rules=False):
        enter("admin", "admin")
        rules(site(), DRILL, CREW, FALLBACK)
        put_bank(bank(), stowed={1: drill()})
        put_asset(drill(2))
        put_person(person())
        yield Client()


def test_what_goes_in_comes_out_and_counts(admin: Client) -> None:
    made = admin.post("/pairs", LOCKOUT)
    whole = {**LOCKOUT, "asset_types": [], "categories": [], "active": True}
    assert (made.status, made.json) == (201, whole), made.text
    assert admin.get("/pairs/van").json == whole
    assert admin.get("/pairs").json == {"items": [whole], "next_cursor": None}
    asked = {"person": "p-1", "bank": "hq-01", "asset": "drill-1"}
    assert admin.post("/policies/dry-run", asked).json["allowed"]
    admin.post("/assets/drill-2/move", {"move": "declare_missing", "reason": "gone"})
    ruling = admin.post("/policies/dry-run", asked).json
    assert ruling["code"] == "pair_conflict"
    assert [line["rule"] for line in ruling["trace"] if not line["passed"]] == ["pairing"]
    admin.patch("/pairs/van", {"active": False}, made.etag)
    assert admin.post("/policies/dry-run", asked).json["allowed"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"assets": ["drill-1"]}, "assets"),
        ({"assets": ["drill-1", "drill-1"]}, "assets"),
        ({"assets": ["drill-1", "drill-9"]}, "assets"),
        ({"assets": [f"a-{n}" for n in range(11)]}, "assets"),
        ({"asset_types": ["drill"]}, "asset_types"),
        ({"categories": ["tools"]}, "categories"),
        ({"kind": "both"}, "kind"),
        ({"kind": "exclusive", "assets": [], "asset_types": ["drill"]}, "asset_types"),
        ({"kind": "exclusive", "assets": [], "asset_types": ["drill", "saw"]}, "asset_types"),
        ({"kind": "exclusive", "asset_types": ["drill"], "categories": ["tools"]}, "assets"),
    ],
)
def test_what_is_no_pair_is_refused_by_field(admin: Client, body: dict[str, Any], field: str) -> None:
    reply = admin.post("/pairs", {**LOCKOUT, **body})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field), reply.text
    assert admin.get("/pairs").json["items"] == []


def test_an_exclusive_pair_may_be_of_a_type_and_a_category(admin: Client) -> None:
    body = {"kind": "exclusive", "asset_types": ["drill"], "categories": ["tools"]}
    assert admin.post("/pairs", body).status == 201
