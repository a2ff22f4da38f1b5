"""People's blocks over HTTP."""

from datetime import timedelta

import pytest

from tests.support.http import Client, enter
from tests.support.loans import holding
from tests.support.workplace import FALLBACK, NOW, ORG, person, rules, site
from toolcrib.domain.policies import Blocks, LateReturns, Match, Policy
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.people import load_person

DAY = timedelta(days=1)
LATE = Blocks(late_returns=LateReturns(count=1, within=DAY, suspension=DAY))


@pytest.fixture
def boss(admin: Client) -> Client:
    """A supervisor of hq, where p-1 belongs."""
    elsewhere = Policy(id="night", match=Match(group="night"), period=FALLBACK.period, blocks=LATE)
    rules(site(), replace(FALLBACK, blocks=LATE), elsewhere)
    mapping.person_item(ORG, person()).save()
    mapping.person_item(ORG, person(id="p-2", site="dock")).save()
    mapping.person_item(ORG, person(id="boss")).save()
    return Client(enter("boss", "supervisor", person="boss", sites=("hq",)))


def test_a_block_is_given_listed_and_lifted(boss: Client) -> None:
    given = boss.post("/people/p-1/blocks", {"kind": "manual", "reason": "lent it on", "until": "2026-11-21T09:00:00Z"})
    block = {
        "id": given.json["id"],
        "kind": "manual",
        "since": "2026-11-20T09:00:00.000Z",
        "lifts_when": "at",
        "until": "2026-11-21T09:00:00.000Z",
        "loan": None,
        "asset": None,
        "policy": None,
        "by": "boss",
        "reason": "lent it on",
    }
    assert (given.status, given.json) == (201, block)
    assert boss.get("/people/p-1/blocks").json == {"items": [block], "next_cursor": None}
    assert boss.delete(f"/people/p-1/blocks/{block['id']}").status == 204
    assert boss.get("/people/p-1/blocks").json["items"] == []
    assert boss.delete(f"/people/p-1/blocks/{block['id']}").status == 204
    assert boss.delete(f"/people/nobody/blocks/{block['id']}").status == 404


def test_a_repeat_blocks_once_and_lifts_once(boss: Client) -> None:
    body = {"reason": "lent it on"}
    first, second = (boss.post("/people/p-1/blocks", body, key="k") for _ in range(2))
    assert first.json == second.json
    assert len(load_person(ORG, "p-1").blocks) == 1


def test_a_block_without_an_end_is_lifted_by_hand(boss: Client) -> None:
    given = boss.post("/people/p-1/blocks", {"reason": "lent it on"})
    assert (given.json["lifts_when"], given.json["until"]) == ("by_hand", None)
    boss.at = NOW + timedelta(days=4000)
    assert len(boss.get("/people/p-1/blocks").json["items"]) == 1


def test_automatic_blocks_are_listed_with_when_they_lift_and_cannot_be_lifted(boss: Client) -> None:
    held = holding(blocks_from=NOW - DAY, lost_since=NOW - DAY)
    mapping.person_item(ORG, person(holdings={"l-1": held}, late_returns=(NOW,))).save()
    items = boss.get("/people/p-1/blocks").json["items"]
    assert [(each["id"], each["lifts_when"], each["until"], each["asset"]) for each in items] == [
        ("lost.l-1", "settled", None, "drill-1"),
        ("overdue.l-1", "returned", None, "drill-1"),
        ("repeatedly_late.fallback", "at", "2026-11-21T09:00:00.000Z", None),
    ]
    for each in items:
        reply = boss.delete(f"/people/p-1/blocks/{each['id']}")
        assert (reply.status, reply.json["code"]) == (409, "lifts_by_itself")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "x", "until": "2026-11-20T09:00:00Z"}, "until"),
        ({"reason": "x", "kind": "overdue"}, "kind"),
        ({"reason": "x", "since": "2026-11-20T09:00:00Z"}, "since"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(boss: Client, body: dict[str, str], field: str) -> None:
    reply = boss.post("/people/p-1/blocks", body)
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)
    assert load_person(ORG, "p-1").blocks == {}


def test_nobody_decides_about_their_own_blocks(boss: Client, admin: Client) -> None:
    given = admin.post("/people/boss/blocks", {"reason": "x"})
    for reply in (
        boss.post("/people/boss/blocks", {"reason": "x"}),
        boss.delete(f"/people/boss/blocks/{given.json['id']}"),
    ):
        assert (reply.status, reply.json["code"]) == (403, "not_allowed")


def test_supervisors_block_whom_they_see_and_people_see_their_own(boss: Client) -> None:
    assert boss.post("/people/p-2/blocks", {"reason": "x"}).status == 404
    boss.post("/people/p-1/blocks", {"reason": "x"})
    own = Client(enter("own", "self", person="p-1"))
    assert [each["reason"] for each in own.get("/people/p-1/blocks").json["items"]] == ["x"]
    assert own.get("/people/p-2/blocks").status == 404
    assert own.post("/people/p-1/blocks", {"reason": "x"}).status == 403


def test_there_are_only_so_many_and_what_is_over_makes_room(boss: Client) -> None:
    for _ in range(10):
        assert boss.post("/people/p-1/blocks", {"reason": "x", "until": "2026-11-20T10:00:00Z"}).status == 201
    full = boss.post("/people/p-1/blocks", {"reason": "x"})
    assert (full.status, full.json["code"]) == (409, "too_many_blocks")
    boss.at = NOW + timedelta(hours=1)
    assert boss.post("/people/p-1/blocks", {"reason": "x"}).status == 201
    assert len(load_person(ORG, "p-1").blocks) == 1
