"""The HTTP API's front door: what it refuses by itself, and who gets past it (design.md, *HTTP contract*)."""

import json
from typing import Any

import pytest

from tests.support.stacks import of_kind

PUBLIC = {"/v1/health", "/v1/openapi.json", "/v1/docs", "/v1/answers/{token}", "/v1/unsubscribe/{token}"}
OWN_REFUSALS = {
    "UNAUTHORIZED": ("401", "unauthorized"),
    "ACCESS_DENIED": ("403", "forbidden"),
    "MISSING_AUTHENTICATION_TOKEN": ("404", "not_found"),
    "REQUEST_TOO_LARGE": ("413", "body_too_large"),
    "THROTTLED": ("429", "throttled"),
    "INTEGRATION_TIMEOUT": ("504", "outcome_unknown"),
    "DEFAULT_4XX": (None, "refused"),
    "DEFAULT_5XX": (None, "failed"),
}


@pytest.fixture
def gateway() -> dict[str, Any]:
    return dict(of_kind("AWS::Serverless::Api")["RestAPI"].properties)


def test_these_are_all_refusals_of_the_gateway(gateway: dict[str, Any]) -> None:
    assert gateway["GatewayResponses"].keys() == OWN_REFUSALS.keys()


@pytest.mark.parametrize(("kind", "status", "code"), [(kind, *rest) for kind, rest in OWN_REFUSALS.items()])
def test_the_gateway_refuses_in_problem_json(gateway: dict[str, Any], kind: str, status: str | None, code: str) -> None:
    response = gateway["GatewayResponses"][kind]
    assert response.get("StatusCode") == status
    assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
    assert response["ResponseTemplates"].keys() == {"application/json"}
    body = json.loads(
        response["ResponseTemplates"]["application/json"].replace("$context.error.messageString", '"why"')
    )
    assert (body["type"], body["detail"], body["code"]) == ("about:blank", "why", code)
    assert str(body.get("status", "None")) == str(status)
    assert body["title"]


def test_it_is_traced_measured_and_throttled(gateway: dict[str, Any]) -> None:
    assert gateway["TracingEnabled"] is True
    (every,) = gateway["MethodSettings"]
    assert (every["HttpMethod"], every["ResourcePath"], every["MetricsEnabled"]) == ("*", "/*", True)
    assert 0 < every["ThrottlingRateLimit"] <= every["ThrottlingBurstLimit"] <= 100


def test_a_role_taken_away_counts_at_once(gateway: dict[str, Any]) -> None:
    (authorizer,) = gateway["DefinitionBody"]["securityDefinitions"].values()
    assert authorizer["x-amazon-apigateway-authorizer"]["authorizerResultTtlInSeconds"] == 0
    assert authorizer["x-amazon-apigateway-authorizer"]["type"] == "cognito_user_pools"
    assert authorizer["x-amazon-apigateway-authorizer"]["providerARNs"] == ["UserPoolArn"]


def test_every_route_asks_for_a_token_with_a_scope_of_ours_but_the_public_ones(gateway: dict[str, Any]) -> None:
    for path, methods in gateway["DefinitionBody"]["paths"].items():
        for method, operation in methods.items():
            if path in PUBLIC or path.startswith("/v1/slack/") or method == "options":
                assert "security" not in operation, (path, method)
            else:
                ((_, scopes),) = [pair for each in operation["security"] for pair in each.items()]
                assert scopes, (path, method)
                assert all(scope.startswith("toolcrib/") for scope in scopes), (path, method)
