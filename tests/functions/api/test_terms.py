"""Terms over HTTP: versions, hashes, past texts, and accepting them oneself (row 14)."""

from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.workplace import person, put_person
from toolcrib.domain.agreements import MAX_TEXT_BYTES, digest

HOUSE: dict[str, Any] = {"id": "house", "title": "House rules", "asset_types": ["drill"], "texts": {"en": "Be kind."}}


@pytest.fixture
def house(admin: Client) -> Client:
    assert admin.post("/terms", HOUSE).status == 201
    return admin


def test_the_server_makes_version_and_hash(house: Client) -> None:
    shown = house.get("/terms/house").json
    assert (shown["version"], shown["texts"], shown["sha256"]) == (1, {"en": "Be kind."}, {"en": digest("Be kind.")})
    assert (shown["asset_types"], shown["categories"], shown["active"]) == (["drill"], [], True)


def test_another_text_is_another_version_and_past_ones_stay(house: Client) -> None:
    before = house.get("/terms/house")
    changed = house.patch("/terms/house", {"texts": {"de": "Sei nett."}}, before.etag)
    assert changed.json["version"] == 2
    assert house.patch("/terms/house", {"title": "Rules"}, changed.etag).json["version"] == 2
    listed = house.get("/terms/house/versions").json["items"]
    assert [(each["version"], sorted(each["texts"])) for each in listed] == [(2, ["de", "en"]), (1, ["en"])]
    first = house.get("/terms/house/versions/1").json
    assert (first["texts"], first["sha256"]) == ({"en": "Be kind."}, {"en": digest("Be kind.")})


@pytest.mark.parametrize("version", ["0", "3", "x", "-1", "1234567"])
def test_a_version_that_there_was_not_is_missing(house: Client, version: str) -> None:
    assert house.get(f"/terms/house/versions/{version}").status == 404


def test_a_list_leaves_the_texts_out(house: Client) -> None:
    (row,) = house.get("/terms").json["items"]
    assert (row["id"], row["sha256"], "texts" in row) == ("house", {"en": digest("Be kind.")}, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"texts": {}}, "texts"),
        ({"texts": {"en": ""}}, "texts"),
        ({"texts": {"English": "x"}}, "texts"),
        ({"texts": {"en": "\u0000"}}, "texts"),
        ({"texts": {"en": "ä" * (MAX_TEXT_BYTES // 2) + "a"}}, "texts.en"),
        ({"asset_types": []}, "asset_types"),
        ({"version": 7}, "version"),
        ({"sha256": {}}, "sha256"),
    ],
)
def test_what_does_not_fit_is_named(admin: Client, body: dict[str, Any], field: str) -> None:
    reply = admin.post("/terms", {**HOUSE, **body})
    assert reply.status == 400
    assert any(error["field"].startswith(field) for error in reply.json["errors"])


def test_a_text_of_four_kilobytes_fits(admin: Client) -> None:
    assert admin.post("/terms", {**HOUSE, "texts": {"en": "ä" * (MAX_TEXT_BYTES // 2)}}).status == 201


def test_an_id_is_taken_once_and_a_repeat_is_no_second(house: Client) -> None:
    assert house.post("/terms", HOUSE).json["code"] == "already_exists"
    first = house.post("/terms", {**HOUSE, "id": "other"}, key="k")
    assert house.post("/terms", {**HOUSE, "id": "other"}, key="k").json == first.json


@pytest.fixture
def ana(house: Client) -> Client:
    put_person(person())
    enter("ana", "self", person="p-1")
    return Client("ana", dynamo=house.dynamo)


def test_a_person_reads_and_accepts_terms(ana: Client) -> None:
    sha256 = ana.get("/terms/house").json["sha256"]["en"]
    reply = ana.post("/people/p-1/acceptances", {"terms": "house", "sha256": sha256})
    assert (reply.status, reply.json["version"], reply.json["sha256"]) == (201, 1, sha256)
    assert ana.get("/people/p-1/acceptances").json["items"] == [reply.json]


def test_accepting_twice_is_accepting_once(ana: Client) -> None:
    body = {"terms": "house", "sha256": digest("Be kind.")}
    first = ana.post("/people/p-1/acceptances", body)
    assert ana.post("/people/p-1/acceptances", body).json == first.json


def test_a_text_that_is_no_longer_there_cannot_be_accepted(ana: Client, house: Client) -> None:
    house.patch("/terms/house", {"texts": {"en": "Be very kind."}}, house.get("/terms/house").etag)
    reply = ana.post("/people/p-1/acceptances", {"terms": "house", "sha256": digest("Be kind.")})
    assert (reply.status, reply.json["code"]) == (409, "terms_changed")


@pytest.mark.parametrize("role", ["admin", "supervisor"])
def test_nobody_accepts_for_somebody_else(ana: Client, role: str) -> None:
    put_person(person(2))
    enter("boss", role, person="p-2", sites=("hq",))
    reply = Client("boss").post("/people/p-1/acceptances", {"terms": "house", "sha256": digest("Be kind.")})
    assert (reply.status, reply.json["code"]) == (409, "not_yours")


def test_a_supervisor_who_belongs_elsewhere_accepts_their_own(ana: Client) -> None:
    put_person(person(2, site="dock"))
    enter("boss", "supervisor", person="p-2", sites=("hq",))
    body = {"terms": "house", "sha256": digest("Be kind.")}
    assert Client("boss").post("/people/p-2/acceptances", body).status == 201


def test_another_persons_acceptances_are_not_there(ana: Client) -> None:
    put_person(person(2))
    assert ana.get("/people/p-2/acceptances").status == 404
    assert ana.post("/people/p-2/acceptances", {"terms": "house", "sha256": digest("Be kind.")}).status == 404


def test_terms_that_are_not_there_cannot_be_accepted(ana: Client) -> None:
    assert ana.post("/people/p-1/acceptances", {"terms": "none", "sha256": digest("Be kind.")}).status == 404
