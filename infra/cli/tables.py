"""A deployment's two tables, for verbs that read or write them whole."""

import os
from typing import Final

from botocore.exceptions import ClientError

from infra.cli.deployments import Deployment
from infra.cli.errors import CommandError
from infra.cli.target import Target

SAME: Final = ("AttributeDefinitions", "KeySchema")


def bind(of: Deployment, *, state: str, ledger: str, anchors: str) -> None:
    """Let our own code read these tables: it is told by the environment, as a function is."""
    tables = {"STATE_TABLE": state, "LEDGER_TABLE": ledger, "ANCHOR_BUCKET": anchors}
    os.environ.update({**of.environment, **tables, "TOOLCRIB_ORG": of.org})


def let_write(of: Deployment) -> None:
    """Let our own code write, too: on the local stack it only reads unless told."""
    keys = of.target.session.get_credentials() if of.target.is_local else None
    if keys is not None:
        os.environ.update({"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key})


def rough_count(target: Target, *tables: str) -> int:
    """Return about how many items there are: DynamoDB counts every six hours. 0 where nobody may ask it."""
    try:
        return sum(target.client("dynamodb").describe_table(TableName=each)["Table"]["ItemCount"] for each in tables)
    except ClientError:
        return 0


def exists(target: Target, table: str) -> bool:
    """Whether there is a table of this name."""
    dynamodb = target.client("dynamodb")
    try:
        dynamodb.describe_table(TableName=table)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    return True


def need(target: Target, *tables: str) -> None:
    """Raise `CommandError` for a table that is not there."""
    for table in tables:
        if not exists(target, table):
            raise CommandError(f"There is no table {table} here: name one that was restored, or none.")


def make_like(target: Target, model: str, table: str) -> None:
    """Make an empty table with the keys and indexes of another, encrypted, recoverable, and wait until it is there."""
    dynamodb = target.client("dynamodb")
    found = dynamodb.describe_table(TableName=model)["Table"]
    indexes = [
        {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
        for index in found.get("GlobalSecondaryIndexes", ())
    ]
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True},
        **{name: found[name] for name in SAME},
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    dynamodb.get_waiter("table_exists").wait(TableName=table)
