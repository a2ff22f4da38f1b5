"""Scopes for people's tokens: API sign-in gives none, so a function adds those of the person's role (platform.md)."""

from typing import Any

from chalicelib.web.roles import SCOPES
from toolcrib.store.principals import find_principal


def with_scopes(event: dict[str, Any]) -> dict[str, Any]:
    """Return Cognito's event with the scopes to add; somebody without a role gets none."""
    principal = find_principal(event["request"]["userAttributes"]["sub"])
    scopes = [str(scope) for scope in SCOPES[principal.role]] if principal else []
    event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": {"scopesToAdd": scopes}}
    return event
