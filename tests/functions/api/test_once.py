"""`Idempotency-Key`: a repeat gets the answer that the first one got (safety.md, I5, threat 15)."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from chalice.app import Response

from chalicelib.web.once import once
from tests.support.http import Client, Reply, enter
from tests.support.workplace import NOW, ORG
from toolcrib.domain.record import replace
from toolcrib.store import idempotency
from toolcrib.store.idempotency import KEEP, LEASE, Key, Standing

ANN = {"name": "Ann"}
BADGE = {"number": "04A2246B1F9080"}


def people(admin: Client) -> list[str]:
    return [item["name"] for item in admin.get("/people").json["items"]]


def same(one: Reply, other: Reply) -> bool:
    kept = {name: value for name, value in other.headers.items() if name != "Idempotent-Replayed"}
    return (one.status, one.text, one.headers) == (other.status, other.text, kept)


def test_a_repeat_is_answered_like_the_first_and_does_nothing(admin: Client) -> None:
    first = admin.post("/people", ANN, key="k")
    again = admin.post("/people", ANN, key="k")
    assert (first.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert same(first, again)
    assert people(admin) == ["Ann"]


def test_the_same_content_written_differently_is_the_same_request(admin: Client) -> None:
    first = admin.post("/people", raw='{"name":"Ann","groups":["a"]}', key="k")
    assert same(first, admin.post("/people", raw='{ "groups": ["a"], "name": "Ann" }', key="k"))


@pytest.mark.parametrize(
    ("path", "body"),
    [("/people", {"name": "Bob"}), ("/people", {**ANN, "active": False}), ("/groups", ANN)],
)
def test_another_request_under_the_same_key_is_422(admin: Client, path: str, body: Any) -> None:
    admin.post("/people", ANN, key="k")
    reply = admin.post(path, body, key="k")
    assert (reply.status, reply.json["code"]) == (422, "idempotency_key_reused")
    assert people(admin) == ["Ann"]


def test_the_same_request_about_another_thing_is_another_request(admin: Client) -> None:
    for person in ("ann", "bob"):
        admin.post("/people", {"id": person, "name": person})
    admin.post("/people/ann/badges", BADGE, key="k")
    assert admin.post("/people/bob/badges", BADGE, key="k").status == 422


def test_a_key_is_its_principals_own(admin: Client) -> None:
    enter("other", "admin")
    admin.post("/people", ANN, key="k")
    assert Client("other").post("/people", {"name": "Bob"}, key="k").status == 201


def test_a_definite_refusal_is_kept(admin: Client) -> None:
    admin.post("/people", {"id": "ann", **ANN})
    first = admin.post("/people", {"id": "ann", **ANN}, key="k")
    assert (first.status, first.json["code"]) == (409, "already_exists")
    admin.dynamo.tables["state"].items.pop((f"{ORG}#PERSON#ann", "PROFILE"))
    assert same(first, admin.post("/people", {"id": "ann", **ANN}, key="k"))


def test_a_twin_at_work_is_409_and_says_when_to_come_back(admin: Client) -> None:
    def twin(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            admin.dynamo.before.remove(twin)
            seen.append(admin.post("/people", ANN, key="k"))

    seen: list[Reply] = []
    admin.dynamo.before.append(twin)
    assert admin.post("/people", ANN, key="k").status == 201
    assert (seen[0].status, seen[0].json["code"], seen[0].headers["Retry-After"]) == (409, "in_progress", "2")
    assert people(admin) == ["Ann"]


@pytest.fixture
def broken(admin: Client) -> Iterator[list[Any]]:
    """The next write of an item in a transaction fails: not sent at all, or its answer is lost."""
    yield []
    admin.dynamo.before.clear()
    admin.dynamo.after.clear()


def fail_once(hooks: list[Any]) -> None:
    def fail(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            hooks.remove(fail)
            raise ReadTimeoutError(endpoint_url="dynamodb")

    hooks.append(fail)


def test_a_failure_is_not_kept_and_the_repeat_is_run(admin: Client) -> None:
    fail_once(admin.dynamo.before)
    failed = admin.post("/people", ANN, key="k")
    assert (failed.status, failed.json["code"]) == (500, "failed")
    assert admin.post("/people", ANN, key="k").status == 201
    assert people(admin) == ["Ann"]


@pytest.mark.parametrize("path_", ["/people", "/groups", "/asset-types", "/sites", "/policies"])
def test_after_a_lost_answer_the_repeat_finds_its_own_work(admin: Client, path_: str) -> None:
    body = {
        "id": "new",
        **{
            "/policies": {"loan_period": "PT1H"},
            "/asset-types": {**ANN, "category": "tools"},
            "/sites": {**ANN, "time_zone": "UTC"},
        }.get(path_, ANN),
    }
    fail_once(admin.dynamo.after)
    assert admin.post(path_, body, key="k").status == 500
    assert admin.post(path_, body, key="k").status == 201
    assert admin.post(path_, body, key="another").status == 409
    assert len(admin.get(path_).json["items"]) == 1


def test_after_a_lost_answer_a_change_is_told_as_done(admin: Client) -> None:
    etag = admin.post("/people", {"id": "ann", **ANN}).etag
    fail_once(admin.dynamo.after)
    assert admin.patch("/people/ann", {"name": "Anna"}, etag, key="k").status == 500
    again = admin.patch("/people/ann", {"name": "Anna"}, etag, key="k")
    assert (again.status, again.json["name"], again.etag) == (200, "Anna", '"2"')
    assert admin.patch("/people/ann", {"name": "Anna"}, etag, key="another").status == 412


def test_after_a_lost_answer_a_badge_is_registered_once(admin: Client) -> None:
    admin.post("/people", {"id": "ann", **ANN})
    fail_once(admin.dynamo.after)
    assert admin.post("/people/ann/badges", BADGE, key="k").status == 500
    assert admin.post("/people/ann/badges", BADGE, key="k").status == 201
    assert admin.post("/people/ann/badges", BADGE, key="another").status == 409


def test_who_died_at_work_is_followed_after_its_lease_and_not_before(admin: Client) -> None:
    key = Key(org=ORG, principal="admin", key="k", fingerprint="f", holder="one")
    other = replace(key, holder="two")
    assert idempotency.claim(key, NOW)[0] is Standing.MINE
    assert idempotency.claim(other, NOW + LEASE)[0] is Standing.AT_WORK
    assert idempotency.claim(other, NOW + LEASE + timedelta(seconds=1))[0] is Standing.MINE
    idempotency.keep(key, idempotency.Kept(status=201, headers={}, body="late"))
    assert idempotency.claim(replace(key, holder="three"), NOW + LEASE)[0] is Standing.AT_WORK


def test_a_claim_whose_own_answer_was_lost_is_still_its_own(admin: Client) -> None:
    key = Key(org=ORG, principal="admin", key="k", fingerprint="f", holder="one")
    assert [idempotency.claim(key, NOW)[0] for _ in range(2)] == [Standing.MINE, Standing.MINE]


def test_an_answer_lives_its_time_and_not_a_second_longer(admin: Client) -> None:
    assert timedelta(hours=24) <= KEEP
    admin.post("/people", ANN, key="k")
    late = dataclasses.replace(admin, at=NOW + KEEP)
    assert "Idempotent-Replayed" in late.post("/people", ANN, key="k").headers
    later = dataclasses.replace(admin, at=NOW + KEEP + timedelta(seconds=1))
    assert "Idempotent-Replayed" not in later.post("/people", {"name": "Bob"}, key="k").headers
    assert sorted(people(admin)) == ["Ann", "Bob"]


def test_no_secret_is_kept(admin: Client) -> None:
    key = Key(org=ORG, principal="admin", key="k", fingerprint="f", holder="one")
    made = once(key, NOW, lambda: Response('{"command_key": "c0ffee"}', status_code=201), secret=True)
    assert "c0ffee" in made.body
    assert "c0ffee" not in str(admin.dynamo.snapshot())
    again = once(replace(key, holder="two"), NOW, lambda: Response("never asked"), secret=True)
    assert (again.status_code, "answer_not_kept" in again.body) == (409, True)


def test_a_refusal_of_a_route_with_secrets_is_kept_as_it_is(admin: Client) -> None:
    key = Key(org=ORG, principal="admin", key="k", fingerprint="f", holder="one")
    once(key, NOW, lambda: Response("none", status_code=404), secret=True)
    again = once(replace(key, holder="two"), NOW, lambda: Response("never asked"), secret=True)
    assert (again.status_code, again.body) == (404, "none")


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "umlaut-ä", "a b", "tab\t"])
def test_a_key_has_a_form(admin: Client, key: str) -> None:
    reply = admin.post("/people", ANN, headers={"Idempotency-Key": key})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "Idempotency-Key")


def test_reading_knows_no_keys(admin: Client) -> None:
    first = admin.get("/people", key="k")
    admin.post("/people", ANN)
    assert admin.get("/people", key="k").text != first.text


def test_the_tables_hold_neither_key_nor_body(admin: Client) -> None:
    admin.post("/people", {"id": "ann", **ANN})
    admin.post("/people/ann/badges", {"number": "0A1B2C"}, key="my-secret-key")
    held = str(admin.dynamo.snapshot())
    assert "my-secret-key" not in held
    assert "0A1B2C" not in held
