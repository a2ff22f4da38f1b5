"""What is put by hand on MiniStack, and what other programs may do there."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.cli.target import Target
from infra.local import gateway, mailing, reader
from tests.support.tables import ENVIRONMENT

OUTPUTS = {
    "StateTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/state",
    "LedgerTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/ledger",
    "AnchorBucket": "anchors",
}


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield Target(boto3.Session(region_name="us-east-1"))


def test_other_programs_may_read_tables_and_anchors_and_invoke_the_functions_and_nothing_else(target: Target) -> None:
    key = reader.credentials(target, OUTPUTS, {})
    assert reader.credentials(target, OUTPUTS, key) == key
    policy = target.client("iam").get_user_policy(UserName=reader.NAME, PolicyName="read-and-invoke")["PolicyDocument"]
    actions = {action for each in policy["Statement"] for action in _list(each["Action"])}
    assert actions == {
        *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:DescribeTable"),
        *("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions"),
        "lambda:InvokeFunction",
    }
    assert "*" not in {resource for each in policy["Statement"] for resource in _list(each["Resource"])}


def test_a_key_that_was_lost_before_it_was_written_down_is_made_anew(target: Target) -> None:
    first = reader.credentials(target, OUTPUTS, {})
    assert reader.credentials(target, OUTPUTS, {}) != first


class Aws:
    """Remembers what was put."""

    def __init__(self) -> None:
        self.put: list[dict[str, Any]] = []

    def client(self, _: str) -> "Aws":
        return self

    def put_gateway_response(self, **asked: Any) -> None:
        self.put.append(asked)

    def create_deployment(self, **asked: Any) -> None:
        self.put.append(asked)

    def describe_stack_resource(self, **asked: str) -> dict[str, Any]:
        return {"StackResourceDetail": {"PhysicalResourceId": f"role-of-{asked['StackName']}"}}

    def put_role_policy(self, **asked: str) -> None:
        self.put.append(asked)


def test_the_gateways_own_refusals_are_those_of_the_template_and_the_stage_is_deployed_last() -> None:
    aws: Any = Aws()
    gateway.put_responses(aws, "api-1")
    *responses, deployment = aws.put
    assert deployment == {"restApiId": "api-1", "stageName": "api"}
    kinds = {response["responseType"]: response for response in responses}
    assert {"UNAUTHORIZED", "ACCESS_DENIED", "REQUEST_TOO_LARGE", "THROTTLED", "DEFAULT_5XX"} <= set(kinds)
    assert (
        json.loads(
            kinds["THROTTLED"]["responseTemplates"]["application/json"].replace("$context.error.messageString", '""')
        )["code"]
        == "throttled"
    )
    assert kinds["UNAUTHORIZED"]["responseParameters"] == {
        "gatewayresponse.header.Content-Type": "'application/problem+json'"
    }


def test_only_the_function_that_delivers_may_send_mail_as_anybody() -> None:
    aws: Any = Aws()
    mailing.allow(aws, "toolcrib-acme")
    (put,) = aws.put
    assert put["RoleName"] == "role-of-toolcrib-acme-notices"
    assert json.loads(put["PolicyDocument"])["Statement"][0]["Action"] == "ses:SendEmail"


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
