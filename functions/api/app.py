"""The HTTP API, and the function that puts scopes into people's tokens."""

from typing import Any

from chalice.app import Chalice

from chalicelib.api import health, people

app = Chalice(app_name="toolcrib-api")

for noun in (health, people):
    app.register_blueprint(noun.routes)


@app.lambda_function(name="pre_token")
def pre_token(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Put the scopes of a person's role into their access token (Cognito V2 pre-token-generation)."""
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"scopesToAdd": ["toolcrib/read", "toolcrib/write", "toolcrib/admin"]}
    }
    return event
