"""The HTTP API, one blueprint per noun; the scopes in people's tokens; and who is let in as a bank."""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice, Request, Response

from chalicelib.api import (
    acceptances,
    answers,
    asset_types,
    assets,
    authorisations,
    badges,
    banks,
    blocks,
    cases,
    claims,
    custody,
    documentation,
    doors,
    dry_run,
    enrolment,
    enrolment_claims,
    faults,
    groups,
    handovers,
    health,
    imports,
    inventories,
    kits,
    loans,
    notices,
    overrides,
    pairs,
    people,
    pins,
    policies,
    sites,
    slack,
    terms,
    terms_of_loans,
    unsubscribing,
)
from chalicelib.web import tokens
from chalicelib.web.gateway import GetResponse, only_problems

# Not the framework's own log format: what breaks goes to Lambda's logger, with its stack.
app = Chalice(app_name="toolcrib-api", configure_logs=False)

NOUNS = (
    people,
    badges,
    blocks,
    pins,
    overrides,
    groups,
    asset_types,
    assets,
    custody,
    sites,
    banks,
    doors,
    inventories,
    enrolment,
    enrolment_claims,
    faults,
    policies,
    imports,
    pairs,
    kits,
    dry_run,
    terms,
    acceptances,
    authorisations,
    loans,
    claims,
    terms_of_loans,
    handovers,
    cases,
    notices,
    slack,
    answers,
    unsubscribing,
    health,
    documentation,
)

for noun in NOUNS:
    app.register_blueprint(noun.routes)


@app.middleware("http")
def refuse_as_problem(request: Request, get_response: GetResponse) -> Response:
    """Answer what the framework refuses by itself in the one form of all refusals."""
    return only_problems(get_response(request))


@app.lambda_function(name="pre_token")
def pre_token(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Put the scopes of a person's role into their access token (Cognito V2 pre-token-generation)."""
    return tokens.with_scopes(event)


@app.lambda_function(name="provision")
def provision(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Say whether a new certificate is let in as a bank's (IoT Core's pre-provisioning hook)."""
    from chalicelib.banks import provisioning  # reading certificates is a third of a cold start, and this is rare

    return provisioning.answer(event, at=datetime.now(UTC))
