"""`toolcrib verify`: what it reads with, what it prints, and how it ends."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from moto import mock_aws

from infra.cli.deployments import Deployment, deployment
from infra.cli.errors import CommandError
from infra.cli.verbs import verify as verb
from infra.local.home import Home
from tests.infra.conftest import STACK
from toolcrib.domain.faults import Fault
from toolcrib.flows.verify_ledger import Verdict

OUTPUTS = {"StateTable": "s", "LedgerTable": "l", "AnchorBucket": "a"}
READER = {"access_key_id": "reader", "secret_access_key": "secret"}


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch, stack: Home) -> list[Mapping[str, str]]:
    """The environments that were verified in; the record is as `verdict` says."""
    stack.write("stack.json", {**STACK, "credentials": READER})
    monkeypatch.setattr(Deployment, "outputs", lambda *_: OUTPUTS)
    monkeypatch.setattr(verb, "rough_count", lambda *_: 2_000)
    monkeypatch.setattr(verb, "need", lambda *_: None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return []


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, reading: list[Mapping[str, str]]) -> Callable[[Fault | None], None]:
    def say(fault: Fault | None) -> None:
        def handle(org: str, *, anchored: bool, tell: Callable[[Mapping[str, int]], None]) -> Verdict:
            reading.append({**os.environ, "org": org, "anchored": str(anchored)})
            tell({"assets": 1})
            return Verdict(checked={"assets": 1234, "anchors": 7}, fault=fault)

        monkeypatch.setattr(verb, "handle", handle)

    return say


def test_what_fits_is_said_with_how_much_was_looked_at(
    toolcrib: Callable[..., Any], found: Callable[..., None], reading: list[Mapping[str, str]]
) -> None:
    found(None)
    result = toolcrib("verify")
    assert result.exit_code == 0, result.output
    assert "Looked at 1,234 assets, 7 anchors." in result.output
    assert "Everything fits" in result.output
    (environment,) = reading
    wanted = {
        "STATE_TABLE": "s",
        "LEDGER_TABLE": "l",
        "ANCHOR_BUCKET": "a",
        "AWS_ACCESS_KEY_ID": "reader",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "org": "acme",
        "anchored": "True",
    }
    assert wanted.items() <= environment.items()


def test_the_first_fault_is_named_and_is_the_end(toolcrib: Callable[..., Any], found: Callable[..., None]) -> None:
    found(Fault(rule="I2", thing="asset drill-1", why="event 17 is missing: the next one there is 18"))
    result = toolcrib("verify")
    assert result.exit_code == 1
    assert "I2: asset drill-1: event 17 is missing: the next one there is 18" in result.output
    assert "Everything fits" not in result.output
    assert "Find out who wrote it" in result.output


def test_without_a_stack_it_says_how_to_start_one(toolcrib: Callable[..., Any], folder: Home) -> None:
    assert folder
    for word in ("verify", "redrive"):
        result = toolcrib(word)
        assert (result.exit_code, "Start one: make up" in result.output) == (1, True)


def test_a_deployment_on_aws_is_read_with_your_own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    of = deployment("toolcrib-acme")
    assert (of.org, of.prefix, of.target.is_local) == ("acme", "toolcrib-acme", False)
    assert of.environment == {"AWS_REGION": "eu-central-1"}


def test_a_stack_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws(), pytest.raises(CommandError, match="There is no stack toolcrib-acme-foundation here"):
        deployment("toolcrib-acme").outputs("foundation")
