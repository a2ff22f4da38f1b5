"""People over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.orgs import loan
from tests.support.workplace import NOW, ORG
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.people import Holding, MailStop
from toolcrib.domain.record import replace
from toolcrib.store.commit import commit
from toolcrib.store.people import describe_person, load_person

ANN = {
    "id": "ann",
    "name": "Ann",
    "kind": "person",
    "email": "ann@example.com",
    "groups": ["crew"],
    "manager": "boss",
    "site": "hq",
    "language": "de",
    "slack_id": "U042",
    "active": True,
    "valid_from": "2026-01-01T00:00:00.000Z",
    "valid_until": "2027-01-01T00:00:00.000Z",
    "certifications": {"forklift": {"valid_until": "2028-01-01T00:00:00.000Z"}, "first-aid": {"valid_until": None}},
    "permissions": ["override:allowance_reached"],
    "borrows_for": [],
    "absent_until": "2026-12-01T08:00:00.000Z",
    "delegate": "zoe",
    "quiet_hours": {"from": "22:00", "to": "06:00"},
    "working_days": ["mon", "fri"],
}
SHOWN = {**ANN, "returns_for": [], "unsubscribed": [], "mail_stopped": None}
HELD = Holding(
    asset="drill-1",
    type="drill",
    name="Drill",
    state="open",
    bank="hq-01",
    door=1,
    site="hq",
    since=NOW,
    until=NOW + timedelta(hours=8),
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_hours": {"from": "22:00", "to": "22:00"}},
        {"quiet_hours": {"from": "22:00"}},
        {"quiet_hours": {"from": "25:00", "to": "06:00"}},
        {"quiet_hours": {"from": "22:00", "to": "06:00", "zone": "UTC"}},
        {"working_days": ["monday"]},
        {"absent_until": "9999-12-31T00:00:00Z"},
        {"absent_until": "tomorrow"},
        {"delegate": "no id"},
    ],
)
def test_hours_and_absences_that_mean_nothing_are_refused(admin: Client, wrong: dict[str, Any]) -> None:
    assert admin.post("/people", {**ANN, **wrong}).status == 400
    assert admin.get("/people/ann").status == 404


def test_a_person_is_created_read_changed_and_listed(admin: Client) -> None:
    made = admin.post("/people", ANN)
    assert (made.status, made.json, made.headers["Location"]) == (201, SHOWN, "/v1/people/ann")
    read = admin.get("/people/ann")
    assert (read.json, read.etag) == (SHOWN, made.etag)
    changed = admin.patch("/people/ann", {"name": "Anna", "groups": None}, read.etag)
    assert changed.json == {**SHOWN, "name": "Anna", "groups": []}
    assert admin.get("/people").json == {"items": [changed.json], "next_cursor": None}


def test_without_an_id_one_is_made(admin: Client) -> None:
    made = admin.post("/people", {"name": "Ann"})
    assert admin.get(f"/people/{made.json['id']}").json == made.json
    assert made.json.items() >= {"language": "en", "active": True, "email": None, "groups": []}.items()


def test_an_id_that_is_taken_is_409(admin: Client) -> None:
    admin.post("/people", ANN)
    again = admin.post("/people", {"id": "ann", "name": "Another"})
    assert (again.status, again.json["code"]) == (409, "already_exists")
    assert admin.get("/people/ann").json == SHOWN


def test_instants_are_kept_as_utc(admin: Client) -> None:
    made = admin.post("/people", {"name": "Ann", "valid_until": "2026-12-31T23:30:00.25+01:00"})
    assert made.json["valid_until"] == "2026-12-31T22:30:00.250Z"


@pytest.mark.parametrize(
    "at", ["2026-12-31", "2026-12-31T10:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "tomorrow", 0]
)
def test_an_instant_without_a_zone_or_out_of_this_world_is_refused(admin: Client, at: object) -> None:
    reply = admin.post("/people", {"name": "Ann", "valid_until": at})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "valid_until")


def test_changing_a_person_leaves_their_loans_alone(admin: Client) -> None:
    admin.post("/people", ANN)
    commit(ORG, Change(op="t", at=NOW, holdings=(Holdings(person="ann", put={"loan-1": HELD}),)))
    etag = admin.get("/people/ann").etag
    assert admin.patch("/people/ann", {"name": "Anna"}, etag).status == 200
    assert load_person(ORG, "ann").holdings == {"loan-1": HELD}


def test_a_loan_that_begins_meanwhile_makes_the_tag_stale(admin: Client) -> None:
    etag = admin.post("/people", ANN).etag
    commit(ORG, Change(op="t", at=NOW, holdings=(Holdings(person="ann", remove=("x",)),)))
    assert admin.patch("/people/ann", {"name": "Anna"}, etag).status == 412


def test_who_no_longer_borrows_for_a_team_returns_what_it_has_and_nothing_later(admin: Client) -> None:
    for team in ("night", "day"):
        admin.post("/people", {"id": team, "name": team, "kind": "team"})
    etag = admin.post("/people", {**ANN, "borrows_for": ["night", "day"]}).etag
    commit(ORG, Change(op="t", at=NOW, holdings=(Holdings(person="night", put={"loan-1": HELD}),)))
    left = admin.patch("/people/ann", {"borrows_for": []}, etag)
    assert (left.json["borrows_for"], left.json["returns_for"]) == ([], ["night"])
    back = admin.patch("/people/ann", {"borrows_for": ["night"]}, left.etag)
    assert (back.json["borrows_for"], back.json["returns_for"]) == (["night"], [])
    again = admin.patch("/people/ann", {"borrows_for": []}, back.etag)
    commit(ORG, Change(op="u", at=NOW, holdings=(Holdings(person="night", remove=("loan-1",)),)))
    assert admin.patch("/people/ann", {"name": "Anna"}, again.etag).json["returns_for"] == []


def test_whom_somebody_returns_for_is_not_set_by_hand(admin: Client) -> None:
    etag = admin.post("/people", ANN).etag
    assert admin.patch("/people/ann", {"returns_for": ["night"]}, etag).status == 400


@pytest.fixture
def supervisor(admin: Client) -> Client:
    enter("supervisor", "supervisor", person="boss", sites=("hq",))
    for person, site in (("ann", "hq"), ("bob", "dock"), ("boss", "hq")):
        admin.post("/people", {"id": person, "name": person, "site": site})
    return Client("supervisor", dynamo=admin.dynamo)


def test_a_supervisor_changes_people_of_their_sites(supervisor: Client) -> None:
    assert supervisor.patch("/people/ann", {"active": False}, "*").json["active"] is False
    assert supervisor.patch("/people/bob", {"active": False}, "*").status == 404


def test_a_supervisor_moves_nobody_to_a_site_that_is_not_theirs(supervisor: Client) -> None:
    for site in ("dock", None):
        reply = supervisor.patch("/people/ann", {"site": site}, "*")
        assert (reply.status, reply.json["code"]) == (403, "not_allowed")
    assert supervisor.get("/people/ann").json["site"] == "hq"


def test_nobody_widens_their_own_rights(supervisor: Client) -> None:
    reply = supervisor.patch("/people/boss", {"groups": ["everything"]}, "*")
    assert (reply.status, reply.json["code"]) == (403, "not_allowed")


def test_a_loan_is_shown_with_what_is_known_of_it(admin: Client) -> None:
    from toolcrib.store.mapping import loan_item

    loan_item(ORG, loan("l-1", "hq")).save()
    shown = admin.get("/loans/l-1")
    assert shown.etag == '"1"'
    assert (
        shown.json.items()
        >= {
            "id": "l-1",
            "asset": "l-1",
            "person": "l-1",
            "bank": "l-1",
            "state": "open",
            "overdue": False,
            "taken_at": "2026-11-20T09:00:00.000Z",
            "due_at": "2026-11-20T17:00:00.000Z",
            "returned_at": None,
            "evidence": None,
            "renewals": 0,
        }.items()
    )
    late = Client(at=NOW + timedelta(hours=8, seconds=1))
    assert late.get("/loans/l-1").json["overdue"] is True
    whole = late.get("/loans/l-1").json | {"policy": None, "policy_revision": None}  # of one loan only
    assert late.get("/loans").json["items"][0] == whole


@pytest.mark.parametrize("language", ["en", "de-AT", "pl", "nl"])
def test_a_person_has_a_language_whether_banks_speak_it_or_not(admin: Client, language: str) -> None:
    assert admin.post("/people", {"name": "Ann", "language": language}).json["language"] == language


@pytest.mark.parametrize("path", ["/people", "/sites"])
def test_what_is_no_language_is_refused(admin: Client, path: str) -> None:
    refused = admin.post(path, {"name": "X", "language": "?"} | ({"time_zone": "UTC"} if path == "/sites" else {}))
    assert (refused.status, [each["field"] for each in refused.json["errors"]]) == (400, ["language"])


def _stopped() -> str:
    """Ann's mail came back; returns the tag of her record as it is then."""
    ann = load_person(ORG, "ann")
    stopped = replace(ann, mail_stopped=MailStop(why="bounced", at=NOW), version=ann.version + 1)
    describe_person(ORG, "stop", NOW, stopped, ann)
    return Client("admin").get("/people/ann").headers["ETag"]


def test_an_admin_sees_whose_mail_is_stopped_and_lifts_it(admin: Client) -> None:
    admin.post("/people", ANN)
    etag = _stopped()
    shown = admin.get("/people/ann").json["mail_stopped"]
    assert shown == {"why": "bounced", "at": "2026-11-20T09:00:00.000Z"}
    kept = admin.patch("/people/ann", {"name": "Anna"}, etag)
    assert kept.json["mail_stopped"] == shown
    lifted = admin.patch("/people/ann", {"mail_stopped": None}, kept.etag)
    assert lifted.json["mail_stopped"] is None


def test_another_address_lifts_it(admin: Client) -> None:
    admin.post("/people", ANN)
    changed = admin.patch("/people/ann", {"email": "ann.new@acme.example"}, _stopped())
    assert changed.json["mail_stopped"] is None


@pytest.mark.parametrize("why", ["bounced", "complained"])
def test_nobody_stops_anothers_mail_by_hand(admin: Client, why: str) -> None:
    stop = {"mail_stopped": {"why": why, "at": "2026-11-20T09:00:01Z"}}
    assert admin.post("/people", {**ANN, **stop}).status == 400
    etag = admin.post("/people", ANN).etag
    assert admin.patch("/people/ann", stop, etag).status == 400
    assert admin.patch("/people/ann", stop, _stopped()).status == 400
