"""Bodies, strictly: whatever does not fit is 400 and changes nothing (safety.md, I15, threats 25 and 26)."""

from typing import Any

import msgspec
import pytest

from tests.support.http import Client
from tests.support.requests import BODIES, ROUTES, headers, path
from toolcrib.domain.assets import Asset, AssetType
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Badge, Group, Person
from toolcrib.domain.policies import Policy, Site
from toolcrib.store import items
from toolcrib.store.tables import StateItem

RECORDS = (Asset, AssetType, Case, Bank, Door, Loan, Notice, Badge, Group, Person, Policy, Site)
ITEMS = [kind for kind in vars(items).values() if isinstance(kind, type) and issubclass(kind, StateItem)]
STORED = {name for record in RECORDS for name in record.__struct_fields__} | {
    name for kind in ITEMS for name in kind.get_attributes()
}
TAKING = sorted(BODIES)


def refused(name: str, body: Any = None, raw: str | None = None) -> dict[str, Any]:
    """Send a body to a route as administrator, and return the problem it is told."""
    route = ROUTES[name]
    reply = Client().ask(route.method, path(route), body, raw=raw, headers=headers(route))
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json"), (body, reply.text)
    problem: dict[str, Any] = reply.json
    return problem


def known(name: str) -> set[str]:
    kind = ROUTES[name].body or ROUTES[name].patch
    return {field.encode_name for field in msgspec.structs.fields(kind)}


@pytest.fixture
def unchanged(filled: Any) -> Any:
    before = filled.snapshot()
    yield
    assert filled.snapshot() == before


@pytest.mark.parametrize("name", TAKING)
def test_no_stored_attribute_can_be_set_that_the_contract_does_not_name(unchanged: None, name: str) -> None:
    foreign = sorted(STORED | {"org", "org_id", "role", "scope", "about"} - known(name))
    for attribute in set(foreign) - known(name):
        problem = refused(name, {**BODIES[name], attribute: "x"})
        assert problem["errors"] == [{"field": attribute, "message": "there is no such field to set"}]


@pytest.mark.parametrize("name", TAKING)
def test_every_field_refuses_what_is_of_another_kind(unchanged: None, name: str) -> None:
    for field in known(name):
        problem = refused(name, {**BODIES[name], field: {"no such thing": "such"}})
        assert any(error["field"].startswith(field) for error in problem["errors"]), problem


@pytest.mark.parametrize("name", TAKING)
def test_every_limit_is_told_with_its_field(unchanged: None, name: str) -> None:
    for field in known(name):
        for huge in ("x" * 20_000, 10**30, -1.5):
            assert refused(name, {**BODIES[name], field: huge})["errors"]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        '"text"',
        "1",
        "{",
        '{"name": }',
        '{"name": "a"} {}',
        '{"name": NaN}',
        '{"name": Infinity}',
        '{"name": -Infinity}',
        '{"name": 1e999}',
        '{"name": "a", "name": "b"}',
        '{"name": {"a": 1, "a": 1}}',
        '{"name": "\\ud800"}',
        "{'name': 'a'}",
        '{"name": ' + "9" * 5000 + "}",
        '{"name": "tab\there"}',
        '{"a":' * 21 + "1" + "}" * 21,
        "[" * 30_000,
        '{"a":' * 10_000,
        "\ufeff{}",
        '{"name": "a",}',
    ],
)
@pytest.mark.parametrize("name", ["POST /people", "PATCH /people/{id}"])
def test_json_with_tricks_is_refused(unchanged: None, name: str, raw: str) -> None:
    assert refused(name, raw=raw)["code"] == "invalid"


def test_as_much_nesting_as_is_allowed_reaches_the_fields(unchanged: None) -> None:
    raw = '{"name":' + '{"a":' * 19 + "1" + "}" * 20
    assert refused("POST /people", raw=raw)["errors"][0]["field"] == "name"


def test_a_control_character_has_no_place_in_a_name(unchanged: None) -> None:
    for name in ("line\nbreak", "end\n", "nul\x00", "bell\x07", ""):
        assert refused("POST /people", {"name": name})["errors"][0]["field"] == "name"


def test_an_id_ends_where_it_ends(unchanged: None) -> None:
    for odd in ("a b", "a/b", "a#b", "", "x" * 65, "a\n", "ä"):
        assert refused("POST /people", {"id": odd, "name": "Ann"})["errors"][0]["field"] == "id"


def test_several_faults_are_told_at_once(unchanged: None) -> None:
    problem = refused("POST /people", {"id": "a b", "email": "nobody", "age": 5})
    assert {error["field"] for error in problem["errors"]} == {"age", "name", "id", "email"}


def test_a_fault_deep_inside_is_told_with_its_path(unchanged: None) -> None:
    ladder = [{"offset": "PT0S", "to": "holder", "via": "slack"}, {"offset": "PT0S", "to": "holder", "via": "pigeon"}]
    problem = refused("POST /policies", {"loan_period": "PT1H", "ladder": ladder})
    assert problem["errors"] == [{"field": "ladder[1].via", "message": "is none of slack, email"}]


def test_no_answer_repeats_what_was_sent(unchanged: None) -> None:
    for body in ({"number": "04A2246B1F9080", "format": "04A2246B1F9080"}, {"number": "04A2246B1F90"}):
        assert "04A2" not in str(refused("POST /people/{id}/badges", body))


def test_a_body_beyond_64_kilobytes_is_refused_unread(unchanged: None) -> None:
    for raw in ('{"name": "' + "x" * 70_000 + '"}', "ä" * 40_000, "x" * 10_000_000):
        reply = Client().ask("POST", "/people", raw=raw)
        assert (reply.status, reply.json["code"]) == (413, "body_too_large")


def test_bytes_that_are_no_utf_8_or_no_base64_are_refused(unchanged: None) -> None:
    for encoded in ("/////w==", "not base64!", "eyJuYW1lIjogIv8ifQ=="):
        reply = Client().ask("POST", "/people", raw=encoded, encoded=True)
        assert (reply.status, reply.json["code"]) == (400, "invalid"), reply.text


def test_a_body_where_none_belongs_is_refused(unchanged: None) -> None:
    reply = Client().ask("DELETE", path(ROUTES["DELETE /banks/{id}/enrolment"]), {"force": True})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "force")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=ten", "limit=5&limit=6", "sort=name", "cursor=x&cursor=y", "limit=", "limit=-1"],
)
def test_a_query_is_as_strict_as_a_body(unchanged: None, query: str) -> None:
    reply = Client().get(f"/people?{query}")
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, query.split("=", maxsplit=1)[0])


def test_a_parameter_is_refused_where_none_is_taken(unchanged: None) -> None:
    assert Client().get("/people/hq?verbose=1").status == 400


@pytest.mark.parametrize("query", ["limit=\ud800", "\udfff=1", "cursor=\ud83d\ude00"])
def test_a_query_that_is_not_text_in_utf_8_is_refused(unchanged: None, query: str) -> None:
    reply = Client().get(f"/people?{query}")
    assert (reply.status, reply.json["code"]) == (400, "invalid")


@pytest.mark.parametrize("header", ["If-Match", "Idempotency-Key"])
def test_a_header_that_is_not_text_in_utf_8_is_refused(unchanged: None, header: str) -> None:
    given = {"If-Match": "*", "Idempotency-Key": "k", header: "\ud800"}
    reply = Client().ask("PATCH", "/people/hq", {"language": "de"}, headers=given)
    assert (reply.status, reply.json["code"]) == (400, "invalid")


def test_an_id_that_is_not_text_in_utf_8_is_refused_even_where_the_answer_would_be_kept(unchanged: None) -> None:
    given = {"If-Match": "*", "Idempotency-Key": "k"}
    reply = Client().ask("PATCH", "/people/\ud800", {"language": "de"}, headers=given)
    assert (reply.status, reply.json["code"]) == (400, "invalid")
