"""Assets over HTTP; what moving them means is tested in tests/toolcrib."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from chalicelib.api.custody import Stated
from tests.support.http import Client, enter
from tests.support.workplace import DRILL, FALLBACK, bank, put_bank, rules, site
from tests.support.world import world
from toolcrib.domain.events import canonical
from toolcrib.domain.intentions import STATED

NEW = {"id": "drill-1", "type": "drill", "name": "Drill 1", "site": "hq", "tag": "E2000001"}


@pytest.fixture
def admin() -> Iterator[Client]:
    with world(rules=False):
        enter("admin", "admin")
        rules(site(), site(id="dock"), DRILL, FALLBACK)
        put_bank(bank(), doors=2)
        yield Client()


def test_an_asset_is_entered_read_changed_and_listed(admin: Client) -> None:
    made = admin.post("/assets", NEW)
    assert (made.status, made.headers["Location"]) == (201, "/v1/assets/drill-1"), made.text
    shown = {
        **NEW,
        "serial": None,
        "condition": "ok",
        "fault": None,
        "charge": None,
        "charge_at": None,
        "serviced_at": "2026-11-20T09:00:00.000Z",
        "lent": 0,
        "lent_at": None,
        "state": "stored",
        "custodian": {"kind": "site", "id": "hq", "door": None},
    }
    assert made.json == shown
    changed = admin.patch("/assets/drill-1", {"serial": "SN-7"}, made.etag)
    assert changed.json == {**shown, "serial": "SN-7"}
    assert admin.patch("/assets/drill-1", {"name": "x"}, made.etag).status == 412
    assert admin.get("/assets").json == {"items": [{**changed.json, "lent": None}], "next_cursor": None}
    assert admin.get("/assets?state=lost").json["items"] == []
    assert [item["id"] for item in admin.get("/assets?type=drill&site=hq&state=stored").json["items"]] == ["drill-1"]


def test_it_is_stowed_and_moved_and_its_events_can_be_checked_by_anyone(admin: Client) -> None:
    from hashlib import sha256

    admin.post("/assets", NEW)
    stowed = admin.post("/assets/drill-1/stow", {"bank": "hq-01", "door": 2})
    assert stowed.json["custodian"] == {"kind": "door", "id": "hq-01", "door": 2}
    moved = admin.post("/assets/drill-1/move", {"move": "unstow", "reason": "cleaning day"})
    assert (moved.status, moved.json["state"]) == (200, "stored")
    events = admin.get("/assets/drill-1/events").json["items"]
    assert [(event["seq"], event["move"], event["evidence"]) for event in events] == [
        (1, "create", "declared"),
        (2, "stow", "declared"),
        (3, "unstow", "declared"),
    ]
    for before, event in zip([None, *events], events, strict=False):
        assert event["hash"] == sha256(canonical(event)).hexdigest()
        assert event["prev_hash"] == (before["hash"] if before else "")
    assert "cleaning" not in str(events)


def test_events_come_in_pages(admin: Client) -> None:
    admin.post("/assets", NEW)
    for move in ("declare_missing", "found", "declare_missing", "declare_lost"):
        admin.post("/assets/drill-1/move", {"move": move, "reason": "looking"})
    first = admin.get("/assets/drill-1/events?limit=2").json
    second = admin.get(f"/assets/drill-1/events?limit=2&cursor={first['next_cursor']}").json
    third = admin.get(f"/assets/drill-1/events?limit=2&cursor={second['next_cursor']}").json
    assert [event["seq"] for page in (first, second, third) for event in page["items"]] == [1, 2, 3, 4, 5]
    assert third["next_cursor"] is None


def test_a_repeated_request_is_answered_as_the_first_time(admin: Client) -> None:
    admin.post("/assets", NEW)
    body = {"move": "declare_missing", "reason": "not on its shelf"}
    first = admin.post("/assets/drill-1/move", body, key="k1")
    again = admin.post("/assets/drill-1/move", body, key="k1")
    assert (first.text, again.headers["Idempotent-Replayed"]) == (again.text, "true")
    assert len(admin.get("/assets/drill-1/events").json["items"]) == 2


def test_what_may_be_stated_is_one_list() -> None:
    assert set(get_args(Stated)) == {str(move) for move in STATED}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/assets", {**NEW, "state": "stowed"}),
        ("/assets", {**NEW, "custodian": {"kind": "person", "id": "p-1"}}),
        ("/assets", {**NEW, "version": 7}),
        ("/assets", {**NEW, "org": "globex"}),
        ("/assets", {**NEW, "tag": "a b"}),
        ("/assets", {**NEW, "id": "a/b"}),
        ("/assets/drill-1/stow", {"bank": "hq-01", "door": 0}),
        ("/assets/drill-1/stow", {"bank": "hq-01", "door": 65}),
        ("/assets/drill-1/stow", {"bank": "hq-01", "door": 1, "evidence": "tags"}),
        ("/assets/drill-1/move", {"move": "taken", "reason": "x"}),
        ("/assets/drill-1/move", {"move": "hand_over", "reason": "x"}),
        ("/assets/drill-1/move", {"move": "unstow"}),
        ("/assets/drill-1/move", {"move": "unstow", "reason": ""}),
    ],
)
def test_what_does_not_fit_is_400_and_changes_nothing(admin: Client, path: str, body: dict[str, Any]) -> None:
    admin.post("/assets", NEW)
    before = admin.get("/assets").text
    answer = admin.post(path, body)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert admin.get("/assets").text == before


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/assets", {**NEW}, 409, "already_exists"),
        ("/assets", {**NEW, "id": "drill-2"}, 409, "tag_taken"),
        ("/assets/drill-1/move", {"move": "found", "reason": "x"}, 409, "wrong_state"),
        ("/assets/drill-9/move", {"move": "found", "reason": "x"}, 404, "not_found"),
        ("/assets/drill-1/stow", {"bank": "hq-09", "door": 1}, 404, "not_found"),
        ("/assets/drill-1/stow", {"bank": "hq-01", "door": 3}, 404, "not_found"),
    ],
)
def test_refusals_carry_their_code(admin: Client, path: str, body: dict[str, Any], status: int, code: str) -> None:
    admin.post("/assets", NEW)
    answer = admin.post(path, body)
    assert (answer.status, answer.json["code"]) == (status, code)


def test_a_supervisor_sees_and_moves_what_belongs_to_their_sites(admin: Client) -> None:
    admin.post("/assets", NEW)
    admin.post("/assets", {**NEW, "id": "drill-2", "tag": None, "site": "dock"})
    enter("boss", "supervisor", sites=("dock",))
    boss = Client(subject="boss")
    assert [item["id"] for item in boss.get("/assets").json["items"]] == ["drill-2"]
    assert boss.get("/assets/drill-1").status == boss.get("/assets/drill-1/events").status == 404
    read = boss.get("/assets/drill-2")
    assert boss.patch("/assets/drill-2", {"site": "hq"}, read.etag).status == 403
    assert boss.post("/assets/drill-2/move", {"move": "declare_missing", "reason": "gone"}).status == 200
