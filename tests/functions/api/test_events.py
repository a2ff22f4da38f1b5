"""What arrives at the API's functions, as it is kept in events/."""

import json
from pathlib import Path
from typing import Any

from tests.support.http import Client, app, enter, module

SUBJECT = "3c9f2b1e-8d04-4f6b-9f0e-2a6d1c0b7e55"


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"events/{name}.json").read_text(encoding="utf-8"))
    return found


def test_a_request_is_answered(admin: Client) -> None:
    admin.post("/people", {"id": "anna.brandt", "name": "Anna Brandt"})
    assert app()(event("http_request"), None)["statusCode"] == 403
    enter(SUBJECT, "auditor")
    answer = app()(event("http_request"), None)
    assert (answer["statusCode"], json.loads(answer["body"])["name"]) == (200, "Anna Brandt")


def test_a_sign_in_gets_the_scopes_of_the_role(admin: Client) -> None:
    enter(SUBJECT, "supervisor")
    answer = module().pre_token(event("pre_token"), None)
    added = answer["response"]["claimsAndScopeOverrideDetails"]["accessTokenGeneration"]["scopesToAdd"]
    assert added == ["toolcrib/read", "toolcrib/write"]
