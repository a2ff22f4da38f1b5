"""`toolcrib deploy`: shows what it will do and asks; options that are left out stay as they were."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.cli import first_admin
from infra.cli.deployment import Deployed
from infra.cli.settings import settings
from infra.cli.target import Target
from infra.cli.verbs import deploy
from tests.support.tables import ENVIRONMENT, tables_in_memory
from toolcrib.domain.principals import Role
from toolcrib.store.principals import find_principal

REMEMBERED = {
    "toolcrib-acme-foundation": "Parameters: {AlarmEmail: {Type: String}, AnchorLockDays: {Type: Number}}",
    "toolcrib-acme-api": "Parameters: {ReserveConcurrency: {Type: String}}",
}
VALUES = {"AlarmEmail": "ops@acme.example", "AnchorLockDays": "30", "ReserveConcurrency": "false"}


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield Target(boto3.Session(region_name="eu-central-1"))


def remember(target: Target) -> None:
    """Leave what an earlier deployment left."""
    for name, parameters in REMEMBERED.items():
        template = f"{parameters}\nResources: {{Topic: {{Type: 'AWS::SNS::Topic'}}}}"
        given = [{"ParameterKey": key, "ParameterValue": VALUES[key]} for key in VALUES if key in parameters]
        target.client("cloudformation").create_stack(StackName=name, TemplateBody=template, Parameters=given)


def test_a_first_deployment_has_the_templates_defaults_and_what_was_given(target: Target) -> None:
    given = {"alarm_email": "a@acme.example", "reserve_concurrency": False, "log_days": None}
    assert settings(target, "acme", given) == {
        "Org": "acme",
        "AlarmEmail": "a@acme.example",
        "ReserveConcurrency": "false",
    }


def test_what_is_not_given_stays_as_it_was_deployed(target: Target) -> None:
    remember(target)
    assert settings(target, "acme", {"alarm_email": "new@acme.example"}) == {
        "Org": "acme",
        "AlarmEmail": "new@acme.example",
        "AnchorLockDays": "30",
        "ReserveConcurrency": "false",
    }
    assert settings(target, "another", {}) == {"Org": "another"}


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, target: Target) -> list[dict[str, str]]:
    """What would have been deployed."""
    del target
    found: list[dict[str, str]] = []

    def deploy_to(_: Target, wanted: dict[str, str], __: object) -> Deployed:
        found.append(wanted)
        return Deployed(outputs={"RestAPIId": "api1"}, functions={})

    monkeypatch.setattr(deploy, "deploy_to", deploy_to)
    return found


def test_it_shows_account_region_settings_and_cost_and_asks(toolcrib: Callable[..., Any], deployed: list[Any]) -> None:
    result = toolcrib("deploy", "--org", "acme", "--region", "eu-central-1", "--log-days", "30", input="n\n")
    assert result.exit_code == 1
    assert not deployed
    for fact in ("123456789012", "eu-central-1", "acme", "30", "$", "Deploy?"):
        assert fact in result.output


@pytest.mark.parametrize("sure", [{"input": "y\n"}, {}])
def test_with_a_yes_it_deploys_and_says_where_the_api_is(
    sure: dict[str, str], toolcrib: Callable[..., Any], deployed: list[Any]
) -> None:
    words = ["deploy", "--org", "acme", "--region", "eu-central-1"]
    result = toolcrib(*words, *([] if sure else ["--yes"]), **sure)
    assert result.exit_code == 0, result.output
    assert deployed == [{"Org": "acme"}]
    assert "https://api1.execute-api.eu-central-1.amazonaws.com/api/v1" in result.output


def test_without_credentials_it_says_what_aws_said(
    toolcrib: Callable[..., Any], deployed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", "/nowhere")
    result = toolcrib("deploy", "--org", "acme", "--region", "eu-central-1", "--yes")
    assert result.exit_code == 1
    assert "AWS: " in result.output
    assert not deployed


def test_the_first_administrator_is_invited_once_and_known_to_the_api() -> None:
    with tables_in_memory():
        target = Target(boto3.Session(region_name="us-east-1"))
        cognito = target.client("cognito-idp")
        pool = cognito.create_user_pool(PoolName="toolcrib-acme")["UserPool"]["Id"]
        outputs = {"UserPool": pool, "StateTable": "state"}
        assert first_admin.invite(target, outputs, "acme", "ines@acme.example") is True
        assert first_admin.invite(target, outputs, "acme", "ines@acme.example") is False
        user = cognito.admin_get_user(UserPoolId=pool, Username="ines@acme.example")
        subject = next(entry["Value"] for entry in user["UserAttributes"] if entry["Name"] == "sub")
        principal = find_principal(subject)
        assert principal is not None
        assert (principal.org, principal.role, principal.person) == ("acme", Role.ADMIN, None)
