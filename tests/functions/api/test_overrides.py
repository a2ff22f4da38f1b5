"""Overrides over HTTP: given with a permission, for somebody else, at one's own sites."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.api.overrides import Code
from tests.support.http import Client, enter
from tests.support.workplace import DRILL, FALLBACK, NOW, ORG, bank, drill, person, put_asset, put_bank, rules, site
from toolcrib.domain.overrides import OVERRIDABLE, PERMISSIONS
from toolcrib.store import mapping
from toolcrib.store.people import load_person

BODY = {"code": "allowance_reached", "asset_type": "drill", "bank": "hq-01", "reason": "all hands"}


@pytest.fixture
def boss(admin: Client) -> Client:
    """A supervisor of hq who may override every code; p-1 belongs there, p-2 to the dock."""
    rules(site(), site(id="dock"), DRILL, FALLBACK)
    put_bank(bank())
    put_bank(bank(id="dock-01", site="dock"))
    put_asset(drill())
    for each in (person(), person(id="p-2", site="dock"), person(id="boss", permissions=PERMISSIONS)):
        mapping.person_item(ORG, each).save()
    return Client(enter("boss", "supervisor", person="boss", sites=("hq",)))


def test_the_codes_are_those_that_can_be_overridden() -> None:
    assert get_args(Code) == OVERRIDABLE


def test_an_override_is_given_listed_and_withdrawn(boss: Client) -> None:
    given = boss.post("/people/p-1/overrides", BODY)
    override = {
        "id": given.json["id"],
        "code": "allowance_reached",
        "asset_type": "drill",
        "asset": None,
        "bank": "hq-01",
        "site": None,
        "by": "boss",
        "reason": "all hands",
        "since": "2026-11-20T09:00:00.000Z",
        "until": "2026-11-20T10:00:00.000Z",
    }
    assert (given.status, given.json) == (201, override)
    assert boss.get("/people/p-1/overrides").json == {"items": [override], "next_cursor": None}
    own = Client(enter("own", "self", person="p-1"))
    assert own.get("/people/p-1/overrides").json["items"] == [override]
    for _ in range(2):
        assert boss.delete(f"/people/p-1/overrides/{override['id']}").status == 204
    assert load_person(ORG, "p-1").overrides == {}


def test_a_repeat_gives_one(boss: Client) -> None:
    first, second = (boss.post("/people/p-1/overrides", BODY, key="k") for _ in range(2))
    assert first.json == second.json
    assert len(load_person(ORG, "p-1").overrides) == 1


def test_a_repeat_after_a_lost_answer_is_told_up_to_when_it_is_given(boss: Client, admin: Client) -> None:
    def lose(operation: str, _: object) -> None:
        if operation == "TransactWriteItems":
            admin.dynamo.after.remove(lose)
            raise ReadTimeoutError(endpoint_url="dynamodb")

    admin.dynamo.after.append(lose)
    assert boss.post("/people/p-1/overrides", BODY, key="k").status == 500
    again = replace(boss, at=NOW + timedelta(minutes=5)).post("/people/p-1/overrides", BODY, key="k")
    (given,) = load_person(ORG, "p-1").overrides.values()
    assert (again.status, again.json["until"]) == (201, "2026-11-20T10:00:00.000Z")
    assert given.until == NOW + timedelta(hours=1)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"code": "pin_required"}, "code"),
    ({"code": "person_frozen"}, "code"),
    ({"asset_type": None}, "asset_type"),
    ({"asset": "drill-1"}, "asset"),
    ({"asset_type": "gone"}, "asset_type"),
    ({"asset_type": None, "asset": "gone"}, "asset"),
    ({"bank": None}, "bank"),
    ({"site": "hq"}, "site"),
    ({"bank": "gone"}, "bank"),
    ({"bank": "dock-01"}, "bank"),
    ({"bank": None, "site": "dock"}, "site"),
    ({"until": "2026-11-20T09:00:00Z"}, "until"),
    ({"until": "2026-11-20T21:00:01Z"}, "until"),
    ({"reason": ""}, "reason"),
    ({"by": "boss"}, "by"),
]


@pytest.mark.parametrize(("more", "field"), MISFITS)
def test_what_does_not_fit_is_refused_by_name(boss: Client, more: dict[str, Any], field: str) -> None:
    body = {name: value for name, value in {**BODY, **more}.items() if value is not None}
    reply = boss.post("/people/p-1/overrides", body)
    assert (reply.status, field in {each["field"] for each in reply.json["errors"]}) == (400, True)
    assert load_person(ORG, "p-1").overrides == {}


@pytest.mark.parametrize(
    "more",
    [{"asset_type": None, "asset": "drill-1"}, {"bank": None, "site": "hq"}, {"until": "2026-11-20T21:00:00Z"}],
)
def test_what_fits_is_taken(boss: Client, more: dict[str, Any]) -> None:
    body = {name: value for name, value in {**BODY, **more}.items() if value is not None}
    assert boss.post("/people/p-1/overrides", body).status == 201


@pytest.mark.parametrize(
    "giver",
    [
        {"permissions": ()},
        {"permissions": ("override:blocked",)},
        {"permissions": PERMISSIONS, "active": False},
        {"permissions": PERMISSIONS, "valid_until": NOW},
    ],
)
def test_without_the_permission_for_the_code_it_is_refused_whatever_the_role(
    boss: Client, giver: dict[str, Any]
) -> None:
    mapping.person_item(ORG, person(id="boss", **giver)).save()
    for client in (boss, Client(enter("chief", "admin", person="boss")), Client(enter("nobody", "admin"))):
        reply = client.post("/people/p-1/overrides", BODY)
        assert (reply.status, reply.json["code"]) == (403, "not_allowed")


def test_never_for_oneself(boss: Client) -> None:
    for client in (boss, Client(enter("chief", "admin", person="boss"))):
        reply = client.post("/people/boss/overrides", BODY)
        assert (reply.status, reply.json["code"]) == (403, "not_allowed")


def test_people_of_other_sites_are_not_there(boss: Client) -> None:
    assert boss.post("/people/p-2/overrides", BODY).status == 404


def test_permissions_are_given_by_administrators_only(boss: Client, admin: Client) -> None:
    etag = boss.get("/people/p-1").etag
    wanted = {"permissions": ["override:blocked"]}
    machine = Client(enter("machine", "machine"))
    for client in (boss, machine):
        assert client.patch("/people/p-1", wanted, etag).status == 403
    assert machine.post("/people", {"name": "New", **wanted}).status == 403
    assert admin.patch("/people/p-1", wanted, etag).json["permissions"] == ["override:blocked"]
    assert boss.patch("/people/p-1", {"language": "de"}, "*").status == 200


def test_there_are_only_so_many_and_what_is_over_makes_room(boss: Client) -> None:
    for _ in range(10):
        assert boss.post("/people/p-1/overrides", BODY).status == 201
    assert boss.post("/people/p-1/overrides", BODY).json["code"] == "too_many_overrides"
    boss.at = NOW + timedelta(hours=1)
    assert boss.post("/people/p-1/overrides", BODY).status == 201
    assert len(load_person(ORG, "p-1").overrides) == 1
