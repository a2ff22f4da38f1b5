"""Kits over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.workplace import CREW, DRILL, FALLBACK, drill, put_asset, rules, site
from tests.support.world import world

DRONE = {"id": "drone", "name": "Drone", "parts": ["drill-1", "drill-2"]}


@pytest.fixture
def admin() -> Iterator[Client]:
    with world(rules=False):
        enter("admin", "admin")
        rules(site(), DRILL, CREW, FALLBACK)
        for number in range(1, 8):
            put_asset(drill(number))
        yield Client()


def test_what_goes_in_comes_out(admin: Client) -> None:
    made = admin.post("/kits", DRONE)
    whole = {**DRONE, "active": True}
    assert (made.status, made.json) == (201, whole), made.text
    assert admin.get("/kits/drone").json == whole
    assert admin.get("/kits").json == {"items": [whole], "next_cursor": None}
    changed = admin.patch("/kits/drone", {"parts": ["drill-1", "drill-2", "drill-3"]}, made.etag)
    assert (changed.status, changed.json["parts"]) == (200, ["drill-1", "drill-2", "drill-3"])
    assert admin.patch("/kits/drone", {"name": "Late"}, made.etag).status == 412


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"parts": ["drill-1"]}, "a kit has 2 to 5 different parts"),
        ({"parts": ["drill-1", "drill-1"]}, "a kit has 2 to 5 different parts"),
        ({"parts": [f"drill-{n}" for n in range(1, 8)]}, "at most 5"),
        ({"parts": ["drill-1", "drill-9"]}, "there is no drill-9"),
        ({"parts": ["drill-2", "drill-3"], "id": "other"}, "drill-3 is in kit taken"),
    ],
)
def test_what_is_no_kit_is_refused_by_field(admin: Client, body: dict[str, Any], says: str) -> None:
    assert admin.post("/kits", {"id": "taken", "name": "Taken", "parts": ["drill-3", "drill-4"]}).status == 201
    reply = admin.post("/kits", {**DRONE, **body})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "parts"), reply.text
    assert says in reply.json["errors"][0]["message"], reply.text


def test_a_kit_keeps_its_own_parts_and_one_out_of_use_keeps_none(admin: Client) -> None:
    made = admin.post("/kits", DRONE)
    assert admin.patch("/kits/drone", {"name": "Quadcopter"}, made.etag).status == 200
    other = {"id": "other", "name": "Other", "parts": ["drill-2", "drill-3"]}
    assert admin.post("/kits", {**other, "active": False}).status == 201
    assert admin.patch("/kits/other", {"active": True}, "*").status == 400
    assert admin.patch("/kits/drone", {"active": False}, "*").status == 200
    assert admin.patch("/kits/other", {"active": True}, "*").status == 200
