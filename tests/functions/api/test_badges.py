"""Badges over HTTP: the number goes in once and never comes out again (feature A1; safety.md, I14, threat 2)."""

import pytest

from tests.support.http import Client
from tests.support.orgs import token
from tests.support.workplace import ORG, TOKEN
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.store import mapping
from toolcrib.store.people import find_badge

UID = "04A2246B1F9080"


@pytest.fixture
def ann(admin: Client) -> Client:
    for person in ("ann", "bob"):
        admin.post("/people", {"id": person, "name": person})
    return admin


def test_a_badge_is_registered_listed_and_revoked(ann: Client) -> None:
    made = ann.post("/people/ann/badges", {"number": UID, "format": "hex"})
    assert made.status == 201
    assert made.json.items() >= {"format": "hex", "state": "active", "revoked_at": None}.items()
    badge = made.json["id"]
    assert made.headers["Location"] == f"/v1/people/ann/badges/{badge}"
    assert ann.get("/people/ann/badges").json["items"] == [made.json]
    assert ann.get(f"/people/ann/badges/{badge}").json == made.json
    revoked = ann.patch(f"/people/ann/badges/{badge}", {"state": "revoked"}, made.etag)
    assert (revoked.status, revoked.json["state"]) == (200, "revoked")
    assert ann.get("/people/ann/badges").json["items"] == [revoked.json]


def test_it_is_known_by_the_token_that_a_bank_would_send(ann: Client) -> None:
    ann.post("/people/ann/badges", {"number": UID})
    badge = find_badge(ORG, TOKEN)
    assert badge is not None
    assert (badge.person, badge.state) == ("ann", BadgeState.ACTIVE)


def test_the_next_tap_after_a_revocation_is_nobodys(ann: Client) -> None:
    badge = ann.post("/people/ann/badges", {"number": UID}).json["id"]
    assert ann.delete(f"/people/ann/badges/{badge}").status == 204
    known = find_badge(ORG, TOKEN)
    assert known is not None
    assert known.state is BadgeState.REVOKED


def test_revoking_again_changes_nothing(ann: Client) -> None:
    badge = ann.post("/people/ann/badges", {"number": UID}).json["id"]
    ann.delete(f"/people/ann/badges/{badge}")
    before = ann.get(f"/people/ann/badges/{badge}")
    assert ann.delete(f"/people/ann/badges/{badge}").status == 204
    after = ann.get(f"/people/ann/badges/{badge}")
    assert (after.json, after.etag) == (before.json, before.etag)


def test_a_revoked_badge_is_not_made_active_by_a_patch(ann: Client) -> None:
    badge = ann.post("/people/ann/badges", {"number": UID}).json["id"]
    ann.delete(f"/people/ann/badges/{badge}")
    reply = ann.patch(f"/people/ann/badges/{badge}", {"state": "active"}, "*")
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "state")


@pytest.mark.parametrize("person", ["ann", "bob"])
def test_a_badge_in_use_is_refused_without_saying_whose_it_is(ann: Client, person: str) -> None:
    ann.post("/people/ann/badges", {"number": UID})
    reply = ann.post(f"/people/{person}/badges", {"number": UID})
    assert (reply.status, reply.json["code"]) == (409, "badge_in_use")
    assert "ann" not in reply.text
    assert ann.get("/people/bob/badges").json["items"] == []


def test_a_revoked_badge_may_be_given_to_somebody_else(ann: Client) -> None:
    badge = ann.post("/people/ann/badges", {"number": UID}).json["id"]
    ann.delete(f"/people/ann/badges/{badge}")
    given = ann.post("/people/bob/badges", {"number": UID})
    assert (given.status, given.json["state"]) == (201, "active")
    assert ann.get("/people/ann/badges").json["items"] == []
    assert ann.get(f"/people/ann/badges/{badge}").status == 404


def test_a_badge_is_only_found_under_its_person(ann: Client) -> None:
    badge = ann.post("/people/ann/badges", {"number": UID}).json["id"]
    assert ann.get(f"/people/bob/badges/{badge}").status == 404
    assert ann.delete(f"/people/bob/badges/{badge}").status == 404
    assert ann.get(f"/people/ann/badges/{TOKEN}").status == 404


def test_one_card_in_any_writing_is_one_badge(ann: Client) -> None:
    ann.post("/people/ann/badges", {"number": "0A1B2C"})
    for number, format_ in (
        ("0a:1b:2c", "hex"),
        ("0A 1B 2C", "wiegand26"),
        ("10000101000011011001011001", "wiegand26"),
    ):
        reply = ann.post("/people/bob/badges", {"number": number, "format": format_})
        assert (reply.status, reply.json["code"]) == (409, "badge_in_use"), reply.text


@pytest.mark.parametrize(
    ("number", "format_"),
    [("04A2246B", "wiegand26"), ("1" * 26, "wiegand26"), ("XYZ", "hex"), ("04A2246B1F90", "hex"), ("4711", "hex")],
)
def test_a_number_that_cannot_be_read_is_refused_and_not_repeated(ann: Client, number: str, format_: str) -> None:
    reply = ann.post("/people/ann/badges", {"number": number, "format": format_})
    assert (reply.status, reply.json["code"], reply.json["errors"][0]["field"]) == (400, "unreadable_badge", "number")
    assert number not in reply.text


def test_a_person_has_many_badges_but_not_without_end(ann: Client) -> None:
    for number in range(99):
        mapping.badge_item(ORG, Badge(id=token(str(number)), person="ann")).save()
    assert ann.post("/people/ann/badges", {"number": "000001"}).status == 201
    assert len(ann.get("/people/ann/badges?limit=100").json["items"]) == 100
    reply = ann.post("/people/ann/badges", {"number": "FFFFFF"})
    assert (reply.status, reply.json["code"]) == (409, "too_many_badges")


def test_nothing_that_is_kept_said_or_logged_holds_the_number(
    ann: Client, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    replies = [
        ann.post("/people/ann/badges", {"number": UID}, key="k"),
        ann.post("/people/ann/badges", {"number": UID}, key="k"),
        ann.post("/people/bob/badges", {"number": UID}),
        ann.get("/people/ann/badges"),
        ann.post("/people/ann/badges", {"number": UID + "ZZ"}),
    ]
    written = str(capsys.readouterr()) + str([vars(record) for record in caplog.records])
    said = str([(reply.headers, reply.text) for reply in replies])
    for sink in (said, written, str(ann.dynamo.snapshot())):
        assert UID not in sink
        assert bytes.fromhex(UID).hex() not in sink
    assert TOKEN.split(".")[1] not in said + written
