"""Condition, service and charge over HTTP: what is stated, and what the next take comes to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.http import Client, Reply, enter
from tests.support.workplace import CREW, FALLBACK, NOW, bank, person, put_bank, put_person, rules, site
from tests.support.world import world

LAMP = {
    "id": "lamp",
    "name": "Lamp",
    "category": "tools",
    "service": {"every": "P30D", "loans": 50},
    "charging": {"minimum": 40, "time": "PT2H"},
}
NEW = {"id": "lamp-1", "type": "lamp", "name": "Lamp 1", "site": "hq", "charge": 80}


@pytest.fixture
def admin() -> Iterator[Client]:
    with world(rules=False):
        enter("admin", "admin")
        rules(site(), CREW, FALLBACK)
        put_bank(bank(), doors=2, features=("charging",))
        put_person(person())
        client = Client()
        assert client.post("/asset-types", LAMP).status == 201
        assert client.post("/assets", NEW).status == 201
        assert client.post("/assets/lamp-1/stow", {"bank": "hq-01", "door": 1}).status == 200
        yield client


def ruling(admin: Client, **about: Any) -> Any:
    asked = {"person": "p-1", "bank": "hq-01", **(about or {"asset": "lamp-1"})}
    reply = admin.post("/policies/dry-run", asked)
    assert reply.status == 200, reply.text
    return reply.json


def change(admin: Client, **fields: Any) -> Reply:
    return admin.patch("/assets/lamp-1", fields, "*")


def why(admin: Client, rule: str = "condition") -> str:
    return str(next(line["detail"] for line in ruling(admin)["trace"] if line["rule"] == rule))


def test_a_critical_fault_that_is_stated_refuses_at_the_door_it_lies_in_and_opens_a_case(admin: Client) -> None:
    stated = change(admin, condition="critical", reason="the glass is cracked")
    assert (stated.status, stated.json["condition"]) == (200, "critical")
    assert ruling(admin)["code"] == "faulty"
    case = admin.get(f"/cases/{stated.json['fault']}").json
    assert (case["kind"], case["asset"], case["detail"]) == ("fault", "lamp-1", "critical: the glass is cracked")
    assert "cracked" not in admin.get("/assets/lamp-1/events").text


def test_that_it_is_well_again_answers_the_case_that_is_open_and_lends_again(admin: Client) -> None:
    case = change(admin, condition="critical").json["fault"]
    assert change(admin, condition="minor").json["fault"] == case, "one case for one story"
    assert ruling(admin)["allowed"]
    well = change(admin, condition="ok", reason="new glass").json
    assert (well["condition"], well["fault"]) == ("ok", None)
    over = admin.get(f"/cases/{case}").json
    assert (over["state"], over["resolution"], over["note"]) == ("resolved", "stated_ok", "new glass")


def test_repaired_is_well_and_serviced_where_it_is_and_answers_its_case(admin: Client) -> None:
    case = change(admin, condition="critical", serviced_at="2026-01-01T00:00:00Z").json["fault"]
    for move in ("send_to_repair", "repaired"):
        assert admin.post("/assets/lamp-1/move", {"move": move, "reason": "glass"}).status == 200
    now = admin.get("/assets/lamp-1").json
    assert (now["state"], now["condition"], now["fault"]) == ("stowed", "ok", None)
    assert now["serviced_at"] == "2026-11-20T09:00:00.000Z"
    assert admin.get(f"/cases/{case}").json["resolution"] == "repaired"
    assert ruling(admin)["allowed"]


@pytest.mark.parametrize(
    ("serviced_at", "code"),
    [("2026-10-21T09:00:00Z", "service_due"), ("2026-10-21T09:00:01Z", None)],
)
def test_a_service_that_is_stated_counts_from_its_date(admin: Client, serviced_at: str, code: str | None) -> None:
    assert change(admin, serviced_at=serviced_at).status == 200
    assert ruling(admin)["code"] == code


def test_a_type_may_want_service_to_warn_only(admin: Client) -> None:
    change(admin, serviced_at="2026-01-01T00:00:00Z")
    admin.patch("/asset-types/lamp", {"service": {"action": "warn"}}, "*")
    assert ruling(admin)["allowed"]
    assert "which only warns" in why(admin)


def test_a_charge_that_is_stated_counts_from_now_and_rises_on_the_charger(admin: Client) -> None:
    assert ruling(admin)["allowed"]
    low = change(admin, charge=10).json
    assert (low["charge"], low["charge_at"]) == (10, "2026-11-20T09:00:00.000Z")
    assert ruling(admin)["code"] == "charge_low"
    assert why(admin) == "charged to 10 %, at least 40 %"
    admin = Client(at=NOW + timedelta(minutes=36) - timedelta(seconds=1))
    assert ruling(admin)["code"] == "charge_low"
    assert ruling(Client(at=NOW + timedelta(minutes=36)))["allowed"]


def test_the_same_charge_said_again_is_a_new_statement_and_another_field_is_none(admin: Client) -> None:
    change(admin, charge=10)
    later = Client(at=NOW + timedelta(minutes=30))
    assert change(later, name="Lamp A").json["charge_at"] == "2026-11-20T09:00:00.000Z"
    assert change(later, charge=10).json["charge_at"] == "2026-11-20T09:30:00.000Z"
    assert change(later, charge=None).json["charge_at"] is None


def test_the_dry_run_of_a_type_says_why_this_unit(admin: Client) -> None:
    admin.post("/assets", {**NEW, "id": "lamp-2", "charge": 100})
    admin.post("/assets/lamp-2/stow", {"bank": "hq-01", "door": 2})
    line = ruling(admin, type="lamp")["trace"][-1]
    detail = "lamp-2 in door 2: charged full, lamp-1 in door 1 enough"
    assert line == {"rule": "unit", "code": None, "passed": True, "detail": detail}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/assets/lamp-1", {"condition": "scratched"}, "condition"),
        ("/assets/lamp-1", {"charge": 101}, "charge"),
        ("/assets/lamp-1", {"charge": -1}, "charge"),
        ("/assets/lamp-1", {"charge": 0.5}, "charge"),
        ("/assets/lamp-1", {"serviced_at": "2026-11-20T09:00:01Z"}, "serviced_at"),
        ("/assets/lamp-1", {"serviced_at": "yesterday"}, "serviced_at"),
        ("/assets/lamp-1", {"lent": 3}, "lent"),
        ("/assets/lamp-1", {"reason": ""}, "reason"),
        ("/asset-types/lamp", {"service": {"every": None, "loans": None}}, "service"),
        ("/asset-types/lamp", {"service": {"every": "PT59M"}}, "service.every"),
        ("/asset-types/lamp", {"service": {"every": "P3661D"}}, "service.every"),
        ("/asset-types/lamp", {"service": {"loans": 0}}, "service.loans"),
        ("/asset-types/lamp", {"service": {"action": "shrug"}}, "service.action"),
        ("/asset-types/lamp", {"charging": {"minimum": 0}}, "charging.minimum"),
        ("/asset-types/lamp", {"charging": {"minimum": 101}}, "charging.minimum"),
        ("/asset-types/lamp", {"charging": {"time": "PT59S"}}, "charging.time"),
        ("/asset-types/lamp", {"offline_life": "-PT1S"}, "offline_life"),
        ("/asset-types/lamp", {"offline_life": "PT24H1S"}, "offline_life"),
        ("/asset-types/lamp", {"charging": {"volts": 12}}, "charging"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(admin: Client, path: str, body: dict[str, Any], field: str) -> None:
    before = admin.get(path).text
    reply = admin.patch(path, body, "*")
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field), reply.text
    assert admin.get(path).text == before
