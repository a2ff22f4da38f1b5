"""What must hold of the packaged templates before anything is deployed (safety.md, G15)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.stacks import Resource, functions, of_kind, role
from toolcrib.settings import Settings

DEVICES = {"on_tap", "on_choice", "on_time", "on_fetch", "on_door", "on_fault", "on_status", "on_alarm"}
CONVERSATION = {"on_tap", "on_choice", "on_time", "on_fetch"}
REPORTS = DEVICES - CONVERSATION
CLOCK = {
    "sweep": "rate(1 minute)",
    "watch_banks": "rate(5 minutes)",
    "digests": "rate(5 minutes)",
    "rosters": "rate(5 minutes)",
    "take_inventory": "rate(15 minutes)",
    "anchor_heads": "rate(1 day)",
}
BEHIND_THE_API = {"api"}
SETTINGS_OF_LIBRARIES = {"POWERTOOLS_SERVICE_NAME"}
OF_THE_STREAM = {"deliver", "arrange"}
OF_MAIL = {"feedback"}  # what the provider says
OF_CONNECTIONS = {"on_connected"}  # what IoT Core tells of them
OF_PROVISIONING = {"provision"}  # which IoT Core asks
WAITS = {"sweep_at"}  # for up to two minutes
LONG = {"rosters"}  # judges everybody at every bank, until the next run begins
ALL = (
    DEVICES
    | CLOCK.keys()
    | BEHIND_THE_API
    | OF_THE_STREAM
    | OF_MAIL
    | WAITS
    | OF_CONNECTIONS
    | OF_PROVISIONING
    | {"pre_token"}
)

every_function = pytest.mark.parametrize("function", sorted(ALL))


def test_these_are_all_functions() -> None:
    assert functions().keys() == ALL


@every_function
def test_every_function_is_limited_traced_and_logs_where_logs_end(function: str) -> None:
    given = functions()[function].properties
    assert 1 <= given["ReservedConcurrentExecutions"] <= 100
    assert given["Tracing"] == "Active"
    assert 512 <= given["MemorySize"] <= (1769 if function in LONG else 1024)
    limits = dict.fromkeys(BEHIND_THE_API | DEVICES, 25) | dict.fromkeys(WAITS, 180) | dict.fromkeys(LONG, 280)
    assert given["Timeout"] <= limits.get(function, 60)
    group = of_kind("AWS::Logs::LogGroup")[given["LoggingConfig"]["LogGroup"]]
    assert group.properties["RetentionInDays"] == 90


def test_what_is_reserved_fits_into_the_account_that_the_docs_ask_for() -> None:
    reserved = sum(each.properties["ReservedConcurrentExecutions"] for each in functions().values())
    assert f"the functions reserve {reserved}," in Path("docs/deploy.md").read_text()


@every_function
def test_every_function_has_a_role_of_its_own(function: str) -> None:
    sharing = [name for name in functions() if role(name) is role(function)]
    assert sharing == [function]


@every_function
def test_environments_name_secrets_and_hold_none(function: str) -> None:
    told = functions()[function].properties["Environment"]["Variables"]
    secrets = {
        "MASTER_SECRET": "MasterSecret",
        "BADGE_SECRET": "BadgeSecret",
        "SLACK_SECRET": "SlackSecret",
        "ANSWER_SECRET": "AnswerSecret",
    }
    assert {name: value for name, value in told.items() if "SECRET" in name}.items() <= secrets.items()
    assert told.keys() <= {name.upper() for name in Settings.__annotations__} | SETTINGS_OF_LIBRARIES


@pytest.mark.parametrize("function", sorted(DEVICES))
def test_a_bank_reaches_each_function_by_one_rule_that_keeps_trusted_and_untrusted_apart(function: str) -> None:
    (event,) = functions()[function].properties["Events"].values()
    rule = event["Properties"]
    selected = "SELECT encode(*, 'base64') AS body, topic(3) AS thing, timestamp() AS received_ms"
    topic = f"toolcrib/v1/+/up/{function.removeprefix('on_')}"
    assert (event["Type"], rule["Sql"]) == ("IoTRule", f"{selected} FROM '{topic}'")
    assert rule["AwsIotSqlVersion"] == "2016-03-23"


def test_iot_core_tells_of_connections_by_its_own_word_alone() -> None:
    (event,) = functions()["on_connected"].properties["Events"].values()
    selected = "SELECT clientId AS thing, principalIdentifier AS certificate"
    assert event["Properties"]["Sql"] == f"{selected} FROM '$aws/events/presence/connected/+'"


def test_only_our_own_provisioning_template_asks_who_is_let_in() -> None:
    (template,) = of_kind("AWS::IoT::ProvisioningTemplate").values()
    given = template.properties
    assert (given["TemplateName"], given["TemplateType"], given["Enabled"]) == (
        "acme-bank",
        "FLEET_PROVISIONING",
        True,
    )
    assert given["PreProvisioningHook"] == {"TargetArn": "arn:of:Provision", "PayloadVersion": "2020-04-01"}
    (call,) = [
        each.properties
        for each in of_kind("AWS::Lambda::Permission").values()
        if each.properties["Principal"] == "iot.amazonaws.com"
    ]
    assert (call["SourceAccount"], call["FunctionName"]) == ("123456789012", "arn:of:Provision")
    assert call["SourceArn"] == "arn:aws:iot:eu-central-1:123456789012:provisioningtemplate/acme-bank"


def test_nothing_a_board_says_reaches_the_registry_and_no_policy_is_given_behind_our_back() -> None:
    """Bank and token are read by the hook alone; the thing and the sealed keys are the hook's words."""
    (template,) = of_kind("AWS::IoT::ProvisioningTemplate").values()
    body = json.loads(template.properties["TemplateBody"])
    used = json.dumps([body["Resources"], body["DeviceConfiguration"]])
    assert '"Bank"' not in used
    assert '"Token"' not in used
    assert {each["Type"] for each in body["Resources"].values()} == {"AWS::IoT::Certificate", "AWS::IoT::Thing"}


@pytest.mark.parametrize("name", ["acme", "a" + "b" * 30])
def test_names_fit_into_what_iot_core_takes(name: str) -> None:
    assert len(f"{name}-bank") <= 36
    for policy in of_kind("AWS::IoT::Policy").values():
        text = json.dumps(policy.properties["PolicyDocument"], separators=(",", ":")).replace("acme", name)
        assert len(text) <= 2048, len(text)


@pytest.mark.parametrize(("function", "rate"), CLOCK.items())
def test_the_clock_calls(function: str, rate: str) -> None:
    assert functions()[function].properties["Events"] == {
        "Clock": {"Type": "Schedule", "Properties": {"Schedule": rate}}
    }


@pytest.mark.parametrize("function", sorted(CONVERSATION))
def test_conversation_is_never_retried_and_never_kept(function: str) -> None:
    assert functions()[function].properties["EventInvokeConfig"] == {
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
    }


@pytest.mark.parametrize("function", sorted(REPORTS | OF_CONNECTIONS | CLOCK.keys()))
def test_what_else_is_called_asynchronously_ends_in_a_queue_at_the_latest(function: str) -> None:
    invoked = functions()[function].properties["EventInvokeConfig"]
    assert invoked["MaximumRetryAttempts"] <= 2
    assert invoked["MaximumEventAgeInSeconds"] <= 6 * 60 * 60
    assert _queue(invoked["DestinationConfig"]["OnFailure"]["Destination"])


def test_what_is_said_of_mails_is_kept_nowhere_since_it_names_addresses() -> None:
    invoked = functions()["feedback"].properties["EventInvokeConfig"]
    assert invoked == {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 6 * 60 * 60}


def test_what_is_said_of_our_mails_and_nobody_elses_calls() -> None:
    ours = {"mail": {"tags": {"ses:configuration-set": ["toolcrib-acme"]}}}
    (event,) = functions()["feedback"].properties["Events"].values()
    assert event == {
        "Type": "EventBridgeRule",
        "Properties": {"Pattern": {"source": ["aws.ses"], "detail": ours}},
    }


def test_nothing_else_is_called_asynchronously() -> None:
    called = {name for name, each in functions().items() if each.properties.get("Events")}
    assert called == DEVICES | CLOCK.keys() | OF_MAIL | OF_CONNECTIONS
    permissions = of_kind("AWS::Lambda::Permission").values()
    assert {each.properties["Principal"] for each in permissions} == {
        "cognito-idp.amazonaws.com",
        "apigateway.amazonaws.com",
        "iot.amazonaws.com",  # which asks the provisioning hook
    }
    assert not of_kind("AWS::Events::Rule")
    assert not of_kind("AWS::IoT::TopicRule")


@pytest.mark.parametrize("mapping", ["DeliverMapping", "ArrangeMapping"])
def test_the_stream_gives_up_on_a_poison_record_alone_and_soon(mapping: str) -> None:
    given = of_kind("AWS::Lambda::EventSourceMapping")[mapping].properties
    assert given["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert given["BisectBatchOnFunctionError"] is True
    assert given["MaximumRetryAttempts"] <= 5
    assert given["MaximumRecordAgeInSeconds"] <= 3600
    assert _queue(given["DestinationConfig"]["OnFailure"]["Destination"])


def _passed(mapping: str) -> list[Any]:
    given = of_kind("AWS::Lambda::EventSourceMapping")[mapping].properties
    return [json.loads(each["Pattern"]) for each in given["FilterCriteria"]["Filters"]]


def test_the_stream_passes_loans_with_a_step_ahead_whose_people_are_told_within_seconds() -> None:
    loan = {"sk": {"S": ["LOAN"]}, "agenda_at": {"S": [{"exists": True}]}, "terms": {"M": {"prompt": {"BOOL": [True]}}}}
    assert _passed("ArrangeMapping") == [{"dynamodb": {"NewImage": loan}}]


def test_the_stream_passes_notices_to_look_at_and_what_was_open_and_nothing_else() -> None:
    notice, told_of = {"sk": {"S": ["NOTICE"]}}, ["LOAN", "CASE", "AUTHORISATION"]
    assert _passed("DeliverMapping") == [
        {"eventName": ["INSERT"], "dynamodb": {"NewImage": notice}},
        {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {**notice, "wake": {"S": [{"exists": True}]}}}},
        {
            "eventName": ["MODIFY"],
            "dynamodb": {"NewImage": {**notice, "about": {"M": {"outdated_at": {"S": [{"exists": True}]}}}}},
        },
        {
            "eventName": ["MODIFY"],
            "dynamodb": {"OldImage": {"sk": {"S": told_of}, "state": {"S": ["open", "asked", "approved"]}}},
        },
    ]


@pytest.mark.parametrize("queue", ["DeadReports", "DeadNotices", "DeadRuns"])
def test_what_failed_for_good_is_kept_encrypted_for_two_weeks_even_without_its_stack(queue: str) -> None:
    found = of_kind("AWS::SQS::Queue")[queue]
    assert found.properties == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * 24 * 60 * 60}
    assert found.whole["DeletionPolicy"] == "Retain"


def test_the_functions_share_a_runtime_and_both_layers() -> None:
    assert {tuple(each.properties["Layers"]) for each in functions().values()} == {("CoreLayer", "DepsLayer")}
    assert len({each.properties["Runtime"] for each in functions().values()}) == 1


def test_permissions_to_call_name_their_one_caller() -> None:
    for permission in of_kind("AWS::Lambda::Permission").values():
        assert {"SourceArn"} <= permission.properties.keys(), permission.name


def _queue(destination: str) -> Resource:
    return of_kind("AWS::SQS::Queue")[destination.removeprefix("arn:of:")]
