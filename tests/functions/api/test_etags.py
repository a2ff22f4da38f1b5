"""ETags and merge patches (design.md, *HTTP contract*; RFC 7396)."""

import pytest

from chalicelib.web.patches import merge
from tests.support.http import Client
from tests.support.requests import BODIES, ROUTES, path

PATCHES = sorted(name for name in BODIES if name.startswith("PATCH "))
MERGE = {"Content-Type": "application/merge-patch+json"}


@pytest.mark.parametrize("name", PATCHES)
def test_a_change_without_if_match_is_428(filled: object, name: str) -> None:
    reply = Client().ask("PATCH", path(ROUTES[name]), BODIES[name])
    assert (reply.status, reply.json["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("name", PATCHES)
@pytest.mark.parametrize("tag", ['"0"', '"999"', 'W/"1"', "1", "x", '"1', '"1" "2"'])
def test_a_change_of_another_state_is_412(filled: object, name: str, tag: str) -> None:
    reply = Client().ask("PATCH", path(ROUTES[name]), BODIES[name], headers={"If-Match": tag})
    assert (reply.status, reply.json["code"]) == (412, "stale")


@pytest.mark.parametrize("name", PATCHES)
def test_reading_gives_the_tag_that_changing_takes_once(filled: object, name: str) -> None:
    route = ROUTES[name]
    before = Client().get(path(route))
    if "badges" in name:  # the first revocation is the only change there is
        assert before.etag == '"1"'
    first = Client().patch(path(route), BODIES[name], before.etag, headers=MERGE)
    assert (first.status, first.etag != before.etag) == (200, True), first.text
    wanted = merge(before.json, BODIES[name])
    assert [first.json[each] for each in BODIES[name]] == [wanted.get(each) for each in BODIES[name]]
    assert Client().get(path(route)).json == first.json
    assert Client().patch(path(route), BODIES[name], before.etag).status == 412


def test_one_of_several_tags_is_enough(admin: Client) -> None:
    etag = admin.post("/people", {"id": "ann", "name": "Ann"}).etag
    assert admin.patch("/people/ann", {"name": "Anna"}, f'"7", {etag}').status == 200


def test_a_patch_changes_what_it_names_and_null_sets_back(admin: Client) -> None:
    given = {"id": "ann", "name": "Ann", "email": "ann@example.com", "groups": ["a", "b"], "language": "de"}
    etag = admin.post("/people", given).etag
    changed = admin.patch("/people/ann", {"groups": ["c"], "email": None, "language": None}, etag)
    assert changed.json.items() >= {"name": "Ann", "groups": ["c"], "email": None, "language": "en"}.items()


def test_what_is_required_cannot_be_taken_away(admin: Client) -> None:
    etag = admin.post("/people", {"id": "ann", "name": "Ann"}).etag
    reply = admin.patch("/people/ann", {"name": None}, etag)
    assert (reply.status, reply.json["errors"]) == (400, [{"field": "name", "message": "is required"}])
    assert admin.get("/people/ann").etag == etag


def test_an_id_is_for_ever(admin: Client) -> None:
    etag = admin.post("/people", {"id": "ann", "name": "Ann"}).etag
    assert admin.patch("/people/ann", {"id": "bob"}, etag).status == 400


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_follows_every_example_of_rfc_7396(target: object, patch: object, result: object) -> None:
    assert merge(target, patch) == result


def test_other_media_types_are_415(admin: Client) -> None:
    for method, type_ in (("POST", "text/plain"), ("POST", MERGE["Content-Type"]), ("PATCH", "application/xml")):
        reply = admin.ask(method, "/people" if method == "POST" else "/people/x", {}, headers={"Content-Type": type_})
        assert (reply.status, reply.json["code"]) == (415, "unsupported_media_type")
        assert reply.headers["Content-Type"] == "application/problem+json"
