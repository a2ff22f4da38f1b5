"""The scopes in people's access tokens (design.md, *HTTP contract*; platform.md)."""

from typing import Any

import pytest

from tests.support.http import Client, enter, module


def scopes(subject: str) -> list[str]:
    """Call the function as Cognito does, and return what it adds."""
    event: dict[str, Any] = {
        "version": "2",
        "triggerSource": "TokenGeneration_Authentication",
        "userName": "ann",
        "request": {"userAttributes": {"sub": subject}, "groupConfiguration": {}, "scopes": []},
        "response": {"claimsAndScopeOverrideDetails": None},
    }
    answer = module().pre_token(event, None)
    added: list[str] = answer["response"]["claimsAndScopeOverrideDetails"]["accessTokenGeneration"]["scopesToAdd"]
    return added


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", ["read", "write", "admin"]),
        ("supervisor", ["read", "write"]),
        ("auditor", ["read"]),
        ("self", ["read", "write"]),
        ("machine", []),
    ],
)
def test_a_role_has_its_scopes_and_no_more(admin: Client, role: str, may: list[str]) -> None:
    enter("ann", role)
    assert scopes("ann") == [f"toolcrib/{scope}" for scope in may]


def test_a_stranger_has_none(admin: Client) -> None:
    assert scopes("nobody") == []


def test_one_item_is_read_and_nothing_else(admin: Client) -> None:
    admin.dynamo.calls.clear()
    scopes("admin")
    assert [operation for operation, _ in admin.dynamo.calls] == ["GetItem"]
