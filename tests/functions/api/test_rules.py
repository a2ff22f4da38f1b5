"""Groups, asset types, sites and policies over HTTP."""

from datetime import time, timedelta
from typing import Any

import pytest

from tests.support.http import Client
from tests.support.workplace import ORG
from toolcrib.domain.assets import AssetType
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.policies import (
    Allowance,
    Authorisers,
    Blocks,
    Closed,
    Curfew,
    Hours,
    LateReturns,
    Match,
    Moment,
    Period,
    Policy,
    Recall,
    Renewals,
    Repeat,
    Step,
    To,
    Via,
)
from toolcrib.settings import settings
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.rules import load_rule

WHOLE: dict[str, dict[str, Any]] = {
    "/groups": {
        "id": "crew",
        "name": "Crew",
        "grants": [{"asset_types": ["drill"], "categories": ["tools"], "sites": ["hq"], "banks": ["hq-01"], "most": 2}],
    },
    "/asset-types": {
        "id": "drill",
        "name": "Drill",
        "category": "tools",
        "size": "L",
        "replacement_value": 180,
        "owner": "ann",
        "min_evidence": "presence",
        "certifications": [
            {"certification": "forklift", "grace_days": 14},
            {"certification": "crane", "grace_days": 0},
        ],
        "second_factor": True,
        "prompt": True,
        "offline_life": "PT2H",
        "service": {"every": "P90D", "loans": 200, "action": "warn"},
        "charging": {"minimum": 40, "time": "PT2H"},
        "questions": [
            {
                "id": "guard",
                "kind": "choice",
                "text": {"en": "The guard?", "de": "Der Schutz?"},
                "when": "return",
                "choices": [{"id": "on", "text": {"en": "on"}}, {"id": "off", "text": {"en": "off"}}],
                "required": True,
                "fault_if": {"minor": ["on"], "critical": ["off"]},
            }
        ],
    },
    "/sites": {
        "id": "hq",
        "name": "HQ",
        "time_zone": "Europe/Berlin",
        "opening_hours": {"mon": [["08:00", "12:00"], ["13:00", "18:00"]], "sat": [["22:00", "06:00"]]},
        "closed_days": ["2026-12-25"],
        "supervisors": ["ann"],
        "channel": "#tools",
        "language": "de",
        "cooldown": "PT30M",
        "digest_at": "06:45",
    },
    "/policies": {
        "id": "drills",
        "name": "Drills",
        "priority": 7,
        "match": {"asset_type": "drill", "category": None, "group": "crew", "site": "hq", "bank": None},
        "loan_period": "PT8H",
        "curfew": {"at": "20:00", "after": "P1D"},
        "closed": "start_of_next_open",
        "grace": "PT15M",
        "allowance": {"type": 1, "category": 2, "total": 0},
        "ladder": [
            {"offset": "-PT30M", "to": "holder", "via": "slack", "repeat": None, "urgent": False, "min_value": 0},
            {
                "offset": "PT2H",
                "to": "supervisor",
                "via": "email",
                "urgent": True,
                "min_value": 1_500,
                "repeat": {"every": "PT1H", "until": "P1D"},
            },
        ],
        "renewals": {"max": 2, "window": "PT1H"},
        "recall": {"notice": "PT2H", "guaranteed_minimum": "PT30M"},
        "blocks": {"overdue_after": "PT0S", "late_returns": {"count": 3, "within": "P30D", "suspension": "P7D"}},
        "lost_after": "P14D",
        "schedule": {"mon": [["06:00", "12:00"], ["22:00", "06:00"]], "sun": [["00:00", "00:00"]]},
        "min_evidence": "tags",
        "authorisers": {"count": 3, "group": "leads", "on": ["take", "return"]},
        "second_factor": True,
    },
}


@pytest.mark.parametrize("path", WHOLE)
def test_what_goes_in_comes_out(admin: Client, path: str) -> None:
    made, shown = admin.post(path, WHOLE[path]), {**WHOLE[path], **numbered(path, 1)}
    assert (made.status, made.json) == (201, shown), made.text
    assert made.headers["Location"] == f"/v1{path}/{WHOLE[path]['id']}"
    assert admin.get(f"{path}/{WHOLE[path]['id']}").json == shown
    assert admin.get(path).json == {"items": [shown], "next_cursor": None}
    assert admin.post(path, WHOLE[path]).status == 409


@pytest.mark.parametrize("path", WHOLE)
def test_every_change_moves_the_stamp_by_one_and_a_refusal_does_not(admin: Client, path: str) -> None:
    etag = admin.post(path, WHOLE[path]).etag
    assert read_stamp(ORG) == 1
    admin.patch(f"{path}/{WHOLE[path]['id']}", {"name": "New"}, etag)
    assert read_stamp(ORG) == 2
    admin.patch(f"{path}/{WHOLE[path]['id']}", {"name": "Late"}, etag)
    admin.post(path, WHOLE[path])
    assert read_stamp(ORG) == 2
    assert admin.get(f"{path}/{WHOLE[path]['id']}").json == {
        **WHOLE[path],
        **numbered(path, 2),
        "name": "New",
    }


def numbered(path: str, revision: int) -> dict[str, int]:
    """Return what a policy shows beside what was sent; other rules show nothing more."""
    return {"revision": revision} if path == "/policies" else {}


def test_the_records_say_what_was_sent(admin: Client) -> None:
    for path, body in WHOLE.items():
        admin.post(path, body)
    grant = GroupGrant(asset_types=("drill",), categories=("tools",), sites=("hq",), banks=("hq-01",), most=2)
    assert load_rule(ORG, Group, "crew") == Group(id="crew", name="Crew", grants=(grant,))
    kind = load_rule(ORG, AssetType, "drill")
    assert (kind.size, kind.min_evidence, kind.owner) == ("L", Evidence.PRESENCE, "ann")
    site = rule_book(ORG, read_stamp(ORG)).sites["hq"]
    assert site.opening_hours["6"] == (Hours(opens=time(22), closes=time(6)),)
    assert load_rule(ORG, Policy, "drills") == Policy(
        id="drills",
        name="Drills",
        priority=7,
        match=Match(asset_type="drill", group="crew", site="hq"),
        period=Period(after=timedelta(hours=8)),
        curfew=Curfew(at=time(20), after=timedelta(days=1)),
        closed=Closed.START_OF_NEXT_OPEN,
        grace=timedelta(minutes=15),
        allowance=Allowance(type=1, category=2, total=0),
        ladder=(
            Step(offset=-timedelta(minutes=30), to=To.HOLDER, via=Via.SLACK),
            Step(
                offset=timedelta(hours=2),
                to=To.SUPERVISOR,
                via=Via.EMAIL,
                urgent=True,
                min_value=1_500,
                repeat=Repeat(every=timedelta(hours=1), until=timedelta(days=1)),
            ),
        ),
        renewals=Renewals(max=2, window=timedelta(hours=1)),
        recall=Recall(notice=timedelta(hours=2), guaranteed_minimum=timedelta(minutes=30)),
        blocks=Blocks(
            overdue_after=timedelta(),
            late_returns=LateReturns(count=3, within=timedelta(days=30), suspension=timedelta(days=7)),
        ),
        lost_after=timedelta(days=14),
        schedule={
            "1": (Hours(opens=time(6), closes=time(12)), Hours(opens=time(22), closes=time(6))),
            "7": (Hours(opens=time(0), closes=time(0)),),
        },
        min_evidence=Evidence.TAGS,
        authorisers=Authorisers(count=3, group="leads", on=(Moment.TAKE, Moment.RETURN)),
        second_factor=True,
    )


def test_a_policy_of_a_period_only_has_the_defaults_and_shows_them(admin: Client) -> None:
    made = admin.post("/policies", {"id": "p", "loan_period": "PT1H"})
    assert load_rule(ORG, Policy, "p") == Policy(id="p", period=Period(after=timedelta(hours=1)))
    assert {name: made.json[name] for name in LATER} == LATER
    assert admin.patch("/policies/p", dict.fromkeys(LATER), made.etag).status == 200


LATER = {
    "renewals": {"max": 0, "window": None},
    "recall": {"notice": "P1D", "guaranteed_minimum": "PT0S"},
    "blocks": {"overdue_after": None, "late_returns": None},
    "lost_after": None,
    "schedule": {},
    "min_evidence": None,
    "authorisers": {"count": 0, "group": None, "on": ["take"]},
    "second_factor": False,
}


@pytest.mark.parametrize(
    ("written", "shown", "period"),
    [
        ("PT8H", "PT8H", Period(after=timedelta(hours=8))),
        ("PT90M", "PT1H30M", Period(after=timedelta(minutes=90))),
        ("P366D", "P366D", Period(after=timedelta(days=366))),
        ("PT24H", "P1D", Period(after=timedelta(days=1))),
        ({"until": "17:30"}, {"until": "17:30"}, Period(until=time(17, 30))),
        ({"until": "00:00"}, {"until": "00:00"}, Period(until=time(0))),
        ("end_of_shift", "end_of_shift", Period(end_of_shift=True)),
    ],
)
def test_a_loan_period_in_each_of_its_forms(admin: Client, written: Any, shown: Any, period: Period) -> None:
    made = admin.post("/policies", {"id": "p", "loan_period": written})
    assert (made.status, made.json["loan_period"]) == (201, shown), made.text
    assert load_rule(ORG, Policy, "p").period == period
    changed = admin.patch("/policies/p", {"priority": 1}, made.etag)
    assert changed.json["loan_period"] == shown


@pytest.mark.parametrize(
    "period",
    [
        "PT0S",
        "-PT1H",
        "P1M",
        "P1Y",
        "P1W",
        "P367D",
        "8 hours",
        "",
        "P",
        "PT",
        28800,
        {},
        {"until": "24:00"},
        {"until": "7:30"},
        {"until": "17:30", "after": "PT1H"},
        None,
    ],
)
def test_a_loan_period_that_is_none_is_refused(admin: Client, period: Any) -> None:
    reply = admin.post("/policies", {"id": "p", "loan_period": period})
    assert reply.status == 400, reply.text
    assert reply.json["errors"][0]["field"].startswith("loan_period")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grace", "-PT1S"),
        ("grace", "P367D"),
        ("grace", "P1M"),
        ("curfew", {"after": "PT0S"}),
        ("curfew", {"at": "8:00"}),
        ("allowance", {"type": -1}),
        ("priority", -1),
        ("priority", 1.5),
        ("closed", "maybe"),
        ("ladder", [{"offset": "P400D", "to": "holder", "via": "slack"}]),
        ("ladder", [{"offset": "PT0S", "to": "holder", "via": "slack", "repeat": {"every": "PT1S", "until": "PT1H"}}]),
        ("ladder", [{"offset": "PT0S", "to": "holder", "via": "slack", "repeat": {"every": "PT1M", "until": "P2D"}}]),
        ("ladder", [{"offset": "PT0S", "to": "holder", "via": "slack"}] * 21),
        ("ladder", [{"offset": "PT0S", "to": "nobody", "via": "slack"}]),
        ("match", {"person": "ann"}),
        ("renewals", {"max": -1}),
        ("renewals", {"max": 101}),
        ("renewals", {"max": 1, "window": "-PT1S"}),
        ("renewals", {"window": "PT1H"}),
        ("recall", {"notice": "-PT1S"}),
        ("recall", {"guaranteed_minimum": "P367D"}),
        ("blocks", {"overdue_after": "-PT1S"}),
        ("blocks", {"late_returns": {"count": 0, "within": "P1D", "suspension": "P1D"}}),
        ("blocks", {"late_returns": {"count": 1, "within": "PT0S", "suspension": "P1D"}}),
        ("blocks", {"late_returns": {"count": 1, "within": "P1D", "suspension": "PT0S"}}),
        ("blocks", {"late_returns": {"count": 1, "within": "P1D"}}),
        ("lost_after", "PT0S"),
        ("lost_after", "P1Y"),
        ("schedule", {"mon": []}),
        ("schedule", {"monday": [["08:00", "18:00"]]}),
        ("schedule", {"mon": [["08:00", "24:00"]]}),
        ("schedule", {"mon": [["08:00", "09:00"]] * 11}),
        ("min_evidence", "video"),
        ("authorisers", {"count": -1}),
        ("authorisers", {"count": 4}),
        ("authorisers", {"count": 1, "on": []}),
        ("authorisers", {"count": 1, "on": ["take", "take"]}),
        ("authorisers", {"group": "leads"}),
        ("second_factor", "yes"),
        ("second_factor", 1),
    ],
)
def test_what_makes_no_sense_in_a_policy_is_refused(admin: Client, field: str, value: Any) -> None:
    reply = admin.post("/policies", {"id": "p", "loan_period": "PT1H", field: value})
    assert (reply.status, reply.json["errors"][0]["field"].split("[")[0].split(".")[0]) == (400, field), reply.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../etc/passwd"),
        ("time_zone", ""),
        ("time_zone", "localtime"),
        ("opening_hours", {"mon": []}),
        ("opening_hours", {"monday": [["08:00", "18:00"]]}),
        ("opening_hours", {"mon": [["08:00"]]}),
        ("opening_hours", {"mon": [["8:00", "18:00"]]}),
        ("closed_days", ["2026-02-30"]),
        ("closed_days", ["25.12.2026"]),
        ("cooldown", "P2D"),
        ("cooldown", "-PT1M"),
        ("cooldown", "a while"),
        ("cooldown", 15),
        ("digest_at", "7:00"),
        ("digest_at", "24:00"),
        ("digest_at", "07:00Z"),
        ("digest_at", 7),
        ("digest_at", ""),
    ],
)
def test_what_makes_no_sense_in_a_site_is_refused(admin: Client, field: str, value: Any) -> None:
    reply = admin.post("/sites", {"name": "HQ", "time_zone": "UTC", field: value})
    assert (reply.status, reply.json["errors"][0]["field"].split("[")[0].split(".")[0]) == (400, field), reply.text


def test_a_day_without_hours_beside_one_with_some_is_closed(admin: Client) -> None:
    hours = {"mon": [["08:00", "18:00"]], "tue": []}
    made = admin.post("/sites", {"name": "HQ", "time_zone": "UTC", "opening_hours": hours})
    assert made.json["opening_hours"] == {"mon": [["08:00", "18:00"]]}


POLICY = {"loan_period": "PT1H"}


def test_two_policies_with_an_equal_claim_are_not_both_saved(admin: Client) -> None:
    admin.post("/policies", {**POLICY, "id": "one", "match": {"category": "tools"}})
    clash = admin.post("/policies", {**POLICY, "id": "two", "match": {"category": "tools"}})
    assert (clash.status, clash.json["code"]) == (409, "policy_conflict")
    assert "one" in clash.json["detail"]
    assert admin.post("/policies", {**POLICY, "id": "two", "match": {"category": "tools"}, "priority": 5}).status == 201
    reply = admin.patch("/policies/two", {"priority": 100}, "*")
    assert (reply.status, reply.json["code"]) == (409, "policy_conflict")
    assert admin.patch("/policies/one", {"name": "still its own"}, "*").status == 200


def test_one_policy_names_nothing_and_goes_on_doing_so(admin: Client) -> None:
    admin.post("/policies", {**POLICY, "id": "fallback"})
    second = admin.post("/policies", {**POLICY, "id": "other", "priority": 1})
    assert (second.status, second.json["code"]) == (409, "second_fallback")
    named = admin.patch("/policies/fallback", {"match": {"site": "hq"}}, "*")
    assert (named.status, named.json["code"]) == (409, "fallback_needed")
    assert admin.patch("/policies/fallback", {"loan_period": "PT2H"}, "*").status == 200


def test_every_revision_of_a_policy_can_be_read_for_ever(admin: Client) -> None:
    first = admin.post("/policies", {**POLICY, "id": "p", "name": "first"})
    second = admin.patch("/policies/p", {"name": "second", "second_factor": True}, first.etag)
    third = admin.patch("/policies/p", {"name": "third"}, second.etag)
    for number, made in enumerate((first, second, third), start=1):
        read = admin.get(f"/policies/p?revision={number}")
        assert (read.status, read.json, read.etag) == (200, made.json, made.etag)
    assert admin.get("/policies/p").json == third.json
    assert [each["id"] for each in admin.get("/policies").json["items"]] == ["p"]


@pytest.mark.parametrize(("query", "status"), [("2", 404), ("0", 400), ("-1", 400), ("one", 400), ("1.5", 400)])
def test_a_revision_that_never_was_is_not_there(admin: Client, query: str, status: int) -> None:
    admin.post("/policies", {**POLICY, "id": "p"})
    assert admin.get(f"/policies/p?revision={query}").status == status
    assert admin.get("/policies/none?revision=1").status == 404


def test_a_change_that_was_refused_keeps_no_revision(admin: Client) -> None:
    made = admin.post("/policies", {**POLICY, "id": "p"})
    admin.patch("/policies/p", {"grace": "-PT1S"}, made.etag)
    assert admin.get("/policies/p?revision=2").status == 404


def test_of_two_who_save_at_the_same_moment_the_second_is_judged_by_what_the_first_saved(admin: Client) -> None:
    def meanwhile(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            admin.dynamo.before.remove(meanwhile)
            assert admin.post("/policies", {**POLICY, "id": "first", "match": {"category": "tools"}}).status == 201

    admin.dynamo.before.append(meanwhile)
    second = admin.post("/policies", {**POLICY, "id": "second", "match": {"category": "tools"}})
    assert (second.status, second.json["code"]) == (409, "policy_conflict")
    assert admin.get("/policies/second").status == 404


def test_of_two_other_edits_at_the_same_moment_both_are_saved(admin: Client) -> None:
    def meanwhile(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            admin.dynamo.before.remove(meanwhile)
            admin.post("/policies", {**POLICY, "id": "first", "match": {"category": "tools"}})

    admin.dynamo.before.append(meanwhile)
    assert admin.post("/policies", {**POLICY, "id": "second", "match": {"category": "other"}}).status == 201
    assert len(admin.get("/policies").json["items"]) == 2


@pytest.mark.parametrize(("local", "cooldown"), [("", "PT15M"), ("1", "PT0S")])
def test_a_site_that_names_no_cooldown_has_the_usual_one(
    admin: Client, monkeypatch: pytest.MonkeyPatch, local: str, cooldown: str
) -> None:
    """On the local stack time is moved, and nobody wants to wait."""
    monkeypatch.setenv("LOCAL_STACK", local)
    settings.cache_clear()
    made = admin.post("/sites", {"id": "hq", "name": "HQ", "time_zone": "UTC"})
    assert made.json["cooldown"] == cooldown
    settings.cache_clear()
