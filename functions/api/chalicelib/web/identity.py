"""From the gateway's claims to a principal with enough rights for a route (safety.md, threats 23 and 24).

The gateway has checked signature, expiry and scope. Who the principal is comes from the table on every request.
"""

from typing import Any

from chalicelib.web.problems import NotSignedIn
from chalicelib.web.roles import Row
from toolcrib.domain.principals import Principal, Sight
from toolcrib.domain.refusals import NotAllowed
from toolcrib.store.principals import find_principal


def identify(context: dict[str, Any]) -> Principal:
    """Return whom the request's access token speaks for; raises `NotSignedIn`, `NotAllowed` for a stranger."""
    claims = _claims(context)
    subject = claims.get("sub") or claims.get("client_id")
    if not subject or claims.get("token_use", "access") != "access":
        raise NotSignedIn
    principal = find_principal(str(subject))
    if principal is None:
        raise NotAllowed(
            code="unknown_principal",
            detail="you are signed in, but nobody here",
            advice="Ask an administrator to give you a role.",
        )
    return principal


def sight_of(principal: Principal, row: Row, context: dict[str, Any]) -> Sight:
    """Return how much of the org the principal sees on this route; raises `NotAllowed` without scope or role."""
    if row.scope not in str(_claims(context).get("scope", "")).split():
        raise NotAllowed(code="insufficient_scope", detail=f"the token lacks the scope {row.scope}")
    sight = row.roles.get(principal.role)
    if sight is None:
        raise NotAllowed(detail=f"this is not for the role {principal.role}", advice="Ask an administrator.")
    return sight


def _claims(context: dict[str, Any]) -> dict[str, Any]:
    return (context.get("authorizer") or {}).get("claims") or {}
