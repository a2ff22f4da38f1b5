"""Somebody is told when a function fails, calls are turned away, the clock stands still or a queue fills."""

import json
from typing import Any

import pytest
from chalice.package import YAMLTemplateSerializer

from infra.cli.templates import templates
from tests.support.stacks import of_kind

OF_ONE_APP = {
    "SweepHeartbeat": ("Toolcrib", "SweepsFinished", "LessThanThreshold", 1, "breaching"),
    "RostersStale": ("Toolcrib", "RosterRunsFinished", "LessThanThreshold", 1, "breaching"),
    "OutboxAge": ("Toolcrib", "OldestNoticeSeconds", "GreaterThanThreshold", 15 * 60, "notBreaching"),
    "NoticesGivenUp": ("Toolcrib", "DeadLetters", "GreaterThanThreshold", 0, "notBreaching"),
    "SetAside": ("Toolcrib", "DeadLetters", "GreaterThanThreshold", 0, "notBreaching"),
    "StreamAge": ("AWS/Lambda", "IteratorAge", "GreaterThanThreshold", 5 * 60 * 1000, "notBreaching"),
    "DeadReportsDepth": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "GreaterThanThreshold", 0, "notBreaching"),
    "DeadNoticesDepth": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "GreaterThanThreshold", 0, "notBreaching"),
    "CertificatesLate": ("Toolcrib", "CertificatesLate", "GreaterThanThreshold", 0, "notBreaching"),
    "DeadRunsDepth": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "GreaterThanThreshold", 0, "notBreaching"),
}


def test_these_are_all_alarms_of_one_app() -> None:
    assert of_kind("AWS::CloudWatch::Alarm").keys() == OF_ONE_APP.keys()


@pytest.mark.parametrize("alarm", OF_ONE_APP)
def test_an_alarm_rings_when_it_should_and_tells_somebody(alarm: str) -> None:
    given = of_kind("AWS::CloudWatch::Alarm")[alarm].properties
    names = ("Namespace", "MetricName", "ComparisonOperator", "Threshold", "TreatMissingData")
    assert tuple(given[name] for name in names) == OF_ONE_APP[alarm]
    assert given["AlarmActions"] == ["AlarmTopic"]
    assert given["AlarmDescription"]


@pytest.fixture
def of_each_function() -> dict[str, Any]:
    template = YAMLTemplateSerializer().load_template(templates()["alarms"].read_text())
    assert template["Transform"] == "AWS::LanguageExtensions"
    ((over, alarms),) = (each[1:] for name, each in template["Resources"].items() if name.startswith("Fn::ForEach"))
    assert over == {"Ref": "Functions"}
    return {name.removesuffix("&{Name}"): alarm["Properties"] for name, alarm in alarms.items()}


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_that_fails_or_turns_calls_away_is_told_of(
    of_each_function: dict[str, Any], metric: str
) -> None:
    assert of_each_function.keys() == {"Errors", "Throttles"}
    given = of_each_function[metric]
    assert (given["MetricName"], given["Threshold"], given["ComparisonOperator"]) == (metric, 0, "GreaterThanThreshold")
    assert given["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "Name"}}]
    assert given["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def test_the_dashboard_shows_how_long_somebody_waits_for_word_and_whether_sweeps_finish() -> None:
    template = YAMLTemplateSerializer().load_template(templates()["alarms"].read_text())
    body = json.loads(template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    shown = {metric[1] for widget in body["widgets"] for metric in widget["properties"]["metrics"] if len(metric) > 1}
    assert shown == {"OldestNoticeSeconds", "SweepsFinished"}
    own = {name: alarm.properties["MetricName"] for name, alarm in of_kind("AWS::CloudWatch::Alarm").items()}
    assert shown == {own["OutboxAge"], own["SweepHeartbeat"]}
