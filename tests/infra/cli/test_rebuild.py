"""`toolcrib rebuild`: looks unless told to write, into tables that it makes, and never into what it reads."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from infra.cli.deployments import Deployment
from infra.cli.target import Target
from infra.cli.verbs import rebuild as verb
from infra.cli.verbs import verify as verify_verb
from tests.support.tables import forget, tables_in_memory
from tests.support.workplace import ORG, bank, drill, put_bank
from toolcrib.flows import verify_ledger
from toolcrib.store import anchors
from toolcrib.store.assets import load_asset
from toolcrib.store.tables import StateItem

OUTPUTS = {"StateTable": "state", "LedgerTable": "ledger", "AnchorBucket": "anchors"}
INTO = ("--into", "acme-2")


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployment with one bank and a drill in it, whose state was restored to before the drill was stowed."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    with tables_in_memory():
        of = Deployment(target=Target(boto3.Session()), prefix=f"toolcrib-{ORG}", environment={})
        monkeypatch.setattr(Deployment, "outputs", lambda *_: OUTPUTS)
        for each in (verb, verify_verb):
            monkeypatch.setattr(each, "deployment", lambda _: of)
        monkeypatch.setattr(verify_ledger, "PAUSE_S", 0)
        monkeypatch.setattr(anchors, "read_all", lambda _: ())
        put_bank(bank(), doors=2, stowed={1: drill()})
        yield


def items(table: str) -> list[dict[str, Any]]:
    """Return a table's items but the doors: since when this one holds its drill is not what the drill's ledger says."""
    found = boto3.resource("dynamodb").Table(table).scan()["Items"]
    return sorted((item for item in found if item["kind"] != "door"), key=lambda item: (item["pk"], item["sk"]))


def lose_the_state() -> None:
    table = boto3.resource("dynamodb").Table("state")
    table.delete_item(Key={"pk": f"{ORG}#ASSET#drill-1", "sk": "STATE"})


def test_without_write_it_says_what_it_would_do(toolcrib: Callable[..., Any]) -> None:
    result = toolcrib("rebuild", *INTO)
    assert result.exit_code == 0, result.output
    assert "1 assets, none of them doubtful." in result.output
    assert "Nothing was written: run it again with --write." in result.output
    assert sorted(boto3.client("dynamodb").list_tables()["TableNames"]) == ["ledger", "state"]


def test_it_makes_the_tables_with_their_indexes_and_fills_them(toolcrib: Callable[..., Any]) -> None:
    before = items("state"), items("ledger")
    result = toolcrib("rebuild", *INTO, "--write")
    assert result.exit_code == 0, result.output
    assert "verify them before anybody uses them" in result.output
    assert items("acme-2-state") == before[0] == items("state")
    guards = [item for item in items("acme-2-ledger") if item["kind"] == "op"]
    assert [item for item in items("acme-2-ledger") if item not in guards] == before[1] == items("ledger")
    described = boto3.client("dynamodb").describe_table(TableName="acme-2-state")["Table"]
    assert {index["IndexName"] for index in described["GlobalSecondaryIndexes"]} == {"agenda", "listing"}
    forget()  # the next command is another process
    checked = toolcrib("verify", "--state", "acme-2-state", "--ledger", "acme-2-ledger")
    assert "Everything fits" in checked.output, checked.output


def test_what_is_doubtful_is_said_line_by_line(toolcrib: Callable[..., Any]) -> None:
    lose_the_state()
    result = toolcrib("rebuild", *INTO)
    assert "asset drill-1: its description is lost; describe it anew" in result.output


def test_tables_that_hold_something_are_refused_unless_it_is_to_go_on(toolcrib: Callable[..., Any]) -> None:
    assert toolcrib("rebuild", *INTO, "--write").exit_code == 0
    again = toolcrib("rebuild", *INTO, "--write")
    assert again.exit_code == 1
    assert "acme-2-state is not empty: name other tables, or go on with these by --resume." in again.output
    resumed = toolcrib("rebuild", *INTO, "--write", "--resume")
    assert resumed.exit_code == 0, resumed.output
    assert "1 assets there already" in resumed.output


def test_what_is_read_is_never_the_target(toolcrib: Callable[..., Any]) -> None:
    result = toolcrib("rebuild", "--into", "x", "--state", "x-state", "--write")
    assert result.exit_code == 1
    assert "would be read and written at once" in result.output


def test_a_table_to_read_that_is_not_there_is_named(toolcrib: Callable[..., Any]) -> None:
    result = toolcrib("rebuild", *INTO, "--state", "restored", "--write")
    assert result.exit_code == 1
    assert "There is no table restored here" in result.output


def test_the_deployment_s_own_tables_stay_bound(toolcrib: Callable[..., Any]) -> None:
    toolcrib("rebuild", *INTO, "--write")
    assert StateItem.Meta.table_name == "state"
    assert load_asset(ORG, "drill-1").version == 2
