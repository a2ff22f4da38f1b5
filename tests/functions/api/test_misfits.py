"""What is wrong with a field is said in words: which one, what is wrong, what would be right."""

from typing import Any

import pytest

from chalicelib.api.people import NewPerson
from chalicelib.api.policies import NewPolicy
from chalicelib.api.sites import NewSite
from chalicelib.web.bodies import fit
from chalicelib.web.misfits import DURATION
from tests.support.http import Client
from toolcrib.domain.refusals import Invalid

POLICY: dict[str, Any] = {"loan_period": "PT1H"}
PERIOD = 'a duration like PT8H or P1D (no weeks, months or years), end_of_shift, or {"until": "17:30"}'
STEP = {"offset": "PT0S", "to": "holder", "via": "slack"}

MISFITS = [
    ("loan_period", "8 hours", "loan_period", f"is not {PERIOD}"),
    ("loan_period", 8, "loan_period", "has to be text or an object, not a whole number"),
    ("loan_period", {"until": "24:00"}, "loan_period.until", "is not a clock time from 00:00 to 23:59"),
    ("grace", "P1M", "grace", f"is not {DURATION}"),
    ("grace", "a while", "grace", f"is not {DURATION}"),
    ("grace", 15, "grace", f"has to be {DURATION}, not a whole number"),
    ("curfew", {"after": "P1W"}, "curfew.after", f"is not {DURATION}"),
    ("match", {"site": "h q"}, "match.site", "is not an id: 1 to 64 letters, digits, dots, underscores or hyphens"),
    ("allowance", {"type": -1}, "allowance.type", "is too small: at least 0"),
    ("renewals", {"max": 101}, "renewals.max", "is too large: at most 100"),
    ("authorisers", {"count": 4}, "authorisers.count", "is too large: at most 3"),
    ("authorisers", {"on": []}, "authorisers.on", "is too short: at least 1 entries"),
    ("authorisers", {"on": ["leave"]}, "authorisers.on[0]", "is none of take, return"),
    ("closed", "maybe", "closed", "is none of keep, end_of_previous_open, start_of_next_open"),
    ("min_evidence", "video", "min_evidence", "is none of tags, presence, door_only, declared"),
    ("second_factor", "yes", "second_factor", "has to be true or false, not text"),
    ("ladder", [STEP, {**STEP, "via": "pigeon"}], "ladder[1].via", "is none of slack, email"),
    ("ladder", [{**STEP, "repeat": {"every": "P1M"}}], "ladder[0].repeat.every", f"is not {DURATION}"),
    ("ladder", [STEP] * 21, "ladder", "is too long: at most 20 entries"),
    ("schedule", {"monday": []}, "schedule", "is none of mon, tue, wed, thu, fri, sat, sun"),
    ("schedule", {"mon": [["8:00", "9:00"]]}, "schedule[...][0][0]", "is not a clock time from 00:00 to 23:59"),
    ("name", "x" * 101, "name", "is too long: at most 100 characters"),
]


def wrong(kind: Any, body: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        fit(body, kind)
    return refused.value.fields


@pytest.mark.parametrize(("field", "value", "path", "message"), MISFITS)
def test_a_misfit_is_told_with_its_path_and_what_would_be_right(
    field: str, value: Any, path: str, message: str
) -> None:
    assert wrong(NewPolicy, {**POLICY, field: value}) == {path: message}


def test_other_bodies_speak_the_same_words() -> None:
    assert wrong(NewPerson, {"name": "Ann", "valid_until": "tomorrow", "groups": "crew"}) == {
        "valid_until": "is not a moment like 2026-12-31T08:00:00Z",
        "groups": "has to be a list, not text",
    }
    assert wrong(NewSite, {"name": "HQ", "time_zone": "UTC", "closed_days": ["25.12."]}) == {
        "closed_days[0]": "is not a date like 2026-12-31"
    }


SENSELESS = [
    ("loan_period", "P1M", "loan_period", f"is not {PERIOD}"),
    ("loan_period", "P367D", "loan_period", "is P367D; it has to be longer than 0 and up to 366 days, as in PT8H"),
    ("loan_period", "PT0S", "loan_period", "is PT0S; it has to be longer than 0 and up to 366 days, as in PT8H"),
    ("grace", "-PT1S", "grace", "is -PT1S; it has to be from 0 to 366 days, as in PT15M"),
    ("curfew", {"after": "PT0S"}, "curfew.after", "is PT0S; it has to be longer than 0 and up to 366 days, as in PT8H"),
    ("lost_after", "-P1D", "lost_after", "is -P1D; it has to be longer than 0 and up to 366 days, as in PT8H"),
    ("recall", {"notice": "-PT1H"}, "recall.notice", "is -PT1H; it has to be from 0 to 366 days, as in PT15M"),
    (
        "renewals",
        {"window": "PT1H"},
        "renewals.window",
        "is given although nothing can be renewed; give a max of 1 or more, or leave it out",
    ),
    (
        "authorisers",
        {"group": "leads"},
        "authorisers.group",
        "is named although nobody is asked; give a count of 1 to 3, or leave the group out",
    ),
    (
        "authorisers",
        {"count": 1, "on": ["take", "take"]},
        "authorisers.on",
        "names a moment twice; take, return, or both once",
    ),
    ("schedule", {"mon": []}, "schedule", "names days without any hours; leave it out for always"),
    ("ladder", [{**STEP, "offset": "P400D"}], "ladder[0].offset", "is more than 366 days away from the due time"),
    (
        "ladder",
        [{**STEP, "repeat": {"every": "PT1S", "until": "PT1H"}}],
        "ladder[0].repeat.every",
        "is shorter than PT1M, the shortest there is",
    ),
    (
        "ladder",
        [{**STEP, "repeat": {"every": "PT1M", "until": "P2D"}}],
        "ladder[0].repeat",
        "repeats too often; at most 366 times are told: make every longer or until shorter",
    ),
]


@pytest.mark.parametrize(("field", "value", "path", "message"), SENSELESS)
def test_what_makes_no_sense_is_told_the_same_way(
    admin: Client, field: str, value: Any, path: str, message: str
) -> None:
    reply = admin.post("/policies", {**POLICY, field: value})
    assert (reply.status, reply.json["errors"]) == (400, [{"field": path, "message": message}])
