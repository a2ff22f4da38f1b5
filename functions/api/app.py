"""The HTTP API, and the function that puts scopes into people's tokens."""

from typing import Any

from chalice.app import Chalice, CognitoUserPoolAuthorizer

app = Chalice(app_name="toolcrib-api")
authorizer = CognitoUserPoolAuthorizer("toolcrib", provider_arns=["set-by-infra/apps/api.yaml"])


@app.route("/v1/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.route("/v1/people", authorizer=authorizer.with_scopes(["toolcrib/read"]))
def people() -> dict[str, Any]:
    return {"items": [], "next_cursor": None}


@app.lambda_function(name="pre_token")
def pre_token(event: dict[str, Any], context: object) -> dict[str, Any]:
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"scopesToAdd": ["toolcrib/read", "toolcrib/write", "toolcrib/admin"]}
    }
    return event
