"""The two tables in moto, made from the production template; races are never judged on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from unittest.mock import patch

import boto3
from botocore.loaders import JSONFileLoader
from moto import mock_aws

from tests.support.templates import template
from toolcrib import clients, secrets, settings
from toolcrib.store import rulebook, tables

TEMPLATE = "infra/foundation.yaml"
MASTER = "ab" * 32
ANSWERS = "cd" * 32
BADGE_KEY = bytes(range(32)).hex()
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_SESSION_TOKEN": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "STATE_TABLE": "state",
    "LEDGER_TABLE": "ledger",
    "MASTER_SECRET": "master",
    "BADGE_SECRET": "badge",
    "SLACK_SECRET": "slack",
    "ANSWER_SECRET": "answers",
    "API_BASE": "https://api.example",
    "MAIL_FROM": "toolcrib@example.com",
    "MAIL_RATE": "100",
    "TOOLCRIB_ORG": "acme",
    "SCHEDULE_GROUP": "toolcrib-acme",
    "SCHEDULE_ROLE": "arn:aws:iam::000000000000:role/one-shots",
    "SWEEP_AT_FUNCTION": "arn:aws:lambda:us-east-1:000000000000:function:sweep-at",
    "LOCAL_STACK": "1",
    "ANCHOR_BUCKET": "anchors",
    "PHOTO_BUCKET": "photos",
    "ROSTER_BUCKET": "rosters",
    "POWERTOOLS_METRICS_NAMESPACE": "Toolcrib",
    "POWERTOOLS_SERVICE_NAME": "test",
}


# Each test has its own session, but the service descriptions it reads from disk never differ: half of a test's time.
_load_file = cache(partial(JSONFileLoader.load_file, JSONFileLoader()))
JSONFileLoader.load_file = lambda _self, path: _load_file(path)
_client = cache(boto3.client)  # of the setting up, not of what is under test


@contextmanager
def tables_in_memory() -> Iterator[None]:
    """Both tables and the secrets, empty; every cache of the functions is dropped before and after."""
    with patch.dict("os.environ", ENVIRONMENT), mock_aws():
        forget()
        _make("state", "StateTable")
        _make("ledger", "LedgerTable")
        vault = _client("secretsmanager")
        vault.create_secret(Name="master", SecretString=f'{{"hex": "{MASTER}"}}')
        vault.create_secret(Name="badge", SecretString=f'{{"version": "1", "hex": "{BADGE_KEY}"}}')
        vault.create_secret(Name="answers", SecretString=f'{{"hex": "{ANSWERS}"}}')
        vault.create_secret(Name="slack", SecretString='{"bot_token": "xoxb-test"}')
        yield
    forget()


def forget() -> None:
    """Drop what a function keeps between calls, as a cold start does."""
    settings.settings.cache_clear()
    clients.client.cache_clear()
    clients.session.cache_clear()
    tables.connection.cache_clear()
    tables.StateItem._connection = tables.LedgerItem._connection = None
    rulebook._kept.clear()
    secrets._kept.clear()


def _make(name: str, resource: str) -> None:
    properties = dict(template(TEMPLATE)["Resources"][resource]["Properties"])
    wanted = {"BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification"}
    arguments = {key: properties[key] for key in wanted if key in properties}
    if "StreamSpecification" in arguments:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
    _client("dynamodb").create_table(TableName=name, **arguments)
