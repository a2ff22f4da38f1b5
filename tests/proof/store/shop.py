"""One table to ask, wherever it is: anything that answers as a botocore client does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.cli.target import Target
from tests.support.aws.cloud import Cloud, reached
from tests.support.dynamo import Dynamo
from tests.support.tables import ENVIRONMENT
from tests.support.templates import template

Item = dict[str, Any]
ONCE = Config(retries={"total_max_attempts": 1})


def stored(value: Any) -> Item:
    """Return a value as DynamoDB writes it."""
    written: Item = TypeSerializer().serialize(value)
    return written


def stored_all(values: Item) -> Item:
    """Return an item, or a request's values, as DynamoDB writes them."""
    return {name: stored(value) for name, value in values.items()}


def plain(item: Item) -> Item:
    """Return an item as Python writes it; numbers are Decimals."""
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


@dataclass
class Shop:
    """The state table of the template, empty. Keys are `("p", "1")`; requests say their values in Python's types."""

    client: Any
    table: str
    store: Dynamo | None = None

    @property
    def dynamo(self) -> Dynamo:
        """The strict store behind it."""
        assert self.store is not None
        return self.store

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        """Ask as the wire has it."""
        answer: dict[str, Any] = self.client._make_api_call(operation, request)
        return answer

    def put(self, key: tuple[str, str], /, **attributes: Any) -> None:
        """Put an item."""
        self.ask("PutItem", TableName=self.table, Item=stored_all({"pk": key[0], "sk": key[1], **attributes}))

    def at(self, key: tuple[str, str], /, **more: Any) -> dict[str, Any]:
        """Return what a request has that is about one key."""
        values = {f":{name}": stored(value) for name, value in more.pop("values", {}).items()}
        request = {"TableName": self.table, "Key": stored_all({"pk": key[0], "sk": key[1]}), **more}
        return {**request, "ExpressionAttributeValues": values} if values else request

    def update(self, key: tuple[str, str], text: str, /, **more: Any) -> dict[str, Any]:
        """Update an item; returns the answer."""
        return self.ask("UpdateItem", **self.at(key, UpdateExpression=text, **more))

    def get(self, key: tuple[str, str], /, **more: Any) -> Item | None:
        """Return what is there without its key, consistently."""
        answer = self.ask("GetItem", ConsistentRead=True, **self.at(key, **more))
        found = plain(answer["Item"]) if "Item" in answer else None
        return None if found is None else {name: found[name] for name in found if name not in {"pk", "sk"}}

    def query(self, text: str, /, **more: Any) -> dict[str, Any]:
        """Query; returns the answer with its items plain."""
        values = {f":{name}": stored(value) for name, value in more.pop("values", {}).items()}
        request = {"TableName": self.table, "KeyConditionExpression": text, "ExpressionAttributeValues": values, **more}
        answer = self.ask("Query", **request)
        return {**answer, "Items": [plain(item) for item in answer.get("Items", ())]}

    def transact(self, *orders: tuple[str, Item], token: str | None = None) -> None:
        """Write a transaction of `("Put", ...)`, `("Update", ...)` and so on."""
        more = {} if token is None else {"ClientRequestToken": token}
        self.ask("TransactWriteItems", TransactItems=[{kind: order} for kind, order in orders], **more)

    def token(self, number: int, *, long: int = 20) -> str:
        """Return a token that no other table's transactions have."""
        return f"{self.table[-12:]}-{number}".ljust(long, "-")

    def new(self, key: tuple[str, str], /, **attributes: Any) -> tuple[str, Item]:
        """Return a transaction's put of an item that is not there yet."""
        item = stored_all({"pk": key[0], "sk": key[1], **attributes})
        unless = "attribute_not_exists(pk)"
        return "Put", {"TableName": self.table, "Item": item, "ConditionExpression": unless}


def refusal(operation: Any, *args: Any, **more: Any) -> ClientError:
    """Return how a call is refused; fails where it is not."""
    try:
        operation(*args, **more)
    except ClientError as error:
        return error
    raise AssertionError("it was not refused")


def code(operation: Any, *args: Any, **more: Any) -> str:
    """Return the code with which a call is refused."""
    return str(refusal(operation, *args, **more).response["Error"]["Code"])


def reasons(operation: Any, *args: Any, **more: Any) -> list[str]:
    """Return the reasons for which a transaction is cancelled."""
    found = refusal(operation, *args, **more).response
    assert found["Error"]["Code"] == "TransactionCanceledException", found
    return [reason["Code"] for reason in found["CancellationReasons"]]


def made(client: Any, name: str) -> Shop:
    """Return a table like the template's state table, made by a client."""
    properties = template("infra/foundation.yaml")["Resources"]["StateTable"]["Properties"]
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    client.create_table(TableName=name, **{each: properties[each] for each in wanted})
    return Shop(client, name)


@contextmanager
def strict() -> Iterator[Shop]:
    """The store, asked directly."""
    dynamo = Dynamo.from_template()
    yield Shop(dynamo, "state", dynamo)


@cache
def _stub() -> tuple[Cloud, Any]:
    with patch.dict("os.environ", ENVIRONMENT), reached(Cloud()) as cloud:
        return cloud, boto3.client("dynamodb", config=ONCE)


@contextmanager
def behind_botocore() -> Iterator[Shop]:
    """The store, asked by boto3."""
    cloud, client = _stub()
    cloud.dynamo = Dynamo.from_template()
    yield Shop(client, "state", cloud.dynamo)


@cache
def _motos() -> Any:
    with patch.dict("os.environ", ENVIRONMENT):
        return boto3.client("dynamodb", config=ONCE)


@contextmanager
def in_moto() -> Iterator[Shop]:
    """moto, asked by boto3."""
    with mock_aws():
        yield made(_motos(), "state")


def ministack_client(target: Target) -> Any:
    """Return a client for a MiniStack that runs."""
    return target.session.client("dynamodb", endpoint_url=target.endpoint, config=ONCE)
