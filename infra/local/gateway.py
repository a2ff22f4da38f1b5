"""The gateway's own answers, put by hand: MiniStack 1.5.33 skips them when it reads the API's definition.

AWS takes them from the definition (`GatewayResponses` in infra/apps/api.yaml). This module can go once MiniStack does.
"""

from typing import Any

from infra.cli.apps import STAGE, package
from infra.cli.reading import read_template
from infra.cli.target import Target


def put_responses(target: Target, api: str) -> None:
    """Put the template's gateway responses on the API and deploy its stage again, unless they are there."""
    gateway = target.client("apigateway")
    for kind, response in _declared().items():
        gateway.put_gateway_response(restApiId=api, responseType=kind, **response)
    gateway.create_deployment(restApiId=api, stageName=STAGE)


def _declared() -> dict[str, dict[str, Any]]:
    template = read_template(package("api").template.read_text())
    declared = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    return {kind: _response(entry) for kind, entry in declared.items()}


def _response(entry: dict[str, Any]) -> dict[str, Any]:
    headers = entry["ResponseParameters"]["Headers"]
    given: dict[str, Any] = {
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "responseTemplates": entry["ResponseTemplates"],
    }
    return given | ({"statusCode": entry["StatusCode"]} if "StatusCode" in entry else {})
