"""The sample workplace is loaded through the API itself, once, whatever happens in between."""

import json
from collections.abc import Iterator
from itertools import count

import boto3
import httpx
import pytest

from infra.local import load, sample
from infra.local.api import Api, ApiError
from infra.local.home import Home
from tests.support.http import Client, enter, tables_at_hand
from tests.support.workplace import ORG
from toolcrib import settings
from toolcrib.domain.states import State
from toolcrib.store import certificates
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import load_bank
from toolcrib.store.ledger import list_events


class Line:
    """The way to the API; `broken_after` requests it breaks, once."""

    def __init__(self, client: Client) -> None:
        self.client, self.broken_after = client, -1
        self.sent: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.broken_after -= 1
        if self.broken_after == 0:
            return httpx.Response(403, json={"detail": "the line broke"})
        path = request.url.raw_path.decode().removeprefix("/v1")
        self.sent.append((request.method, path))
        body = json.loads(request.content) if request.content else None
        reply = self.client.ask(request.method, path, body, key=request.headers.get("Idempotency-Key"))
        return httpx.Response(reply.status, headers=dict(reply.headers), text=reply.text)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    with tables_at_hand() as dynamo:
        for name, value in (("IOT_POLICY", "banks"), ("IOT_MQTT_HOST", "mqtt.example"), ("LOCAL_STACK", "")):
            monkeypatch.setenv(name, value)
        settings.settings.cache_clear()
        boto3.client("iot").create_policy(policyName="banks", policyDocument="{}")
        monkeypatch.setattr(certificates, "cut", lambda _: None)  # ends a live session, which moto has none of
        enter("admin", "admin")
        monkeypatch.setattr(load, "AT_ONCE", 1)  # in one process Chalice serves one request at a time
        yield Line(Client(dynamo=dynamo))


@pytest.fixture
def api(line: Line) -> Api:
    return Api("http://cloud", lambda: "token", httpx.MockTransport(line))


def loaded(stack: Home, api: Api) -> int:
    steps = count()
    load.workplace(stack, api, lambda: next(steps) and None)
    return next(steps)


def test_everything_is_in_place_and_enrolled(stack: Home, api: Api) -> None:
    stack.update("stack.json", lambda known: known.update(banks={}))
    assert load.wanted(stack, api)
    assert loaded(stack, api) == load.size()
    for asset, bank, door in sample.STOWED:
        found = load_asset(ORG, asset)
        assert (found.state, found.custodian.id, found.custodian.door) == (State.STOWED, bank, door)
        assert [event.move for event in list_events(ORG, asset)] == ["create", "stow"]
    banks = stack.read("stack.json")["banks"]
    assert set(banks) == {"hq-01", "hq-02", "dock-01"}
    for cabinet in sample.BANKS:
        known = load_bank(ORG, cabinet.id)
        assert (str(known.generation), known.evidence, known.mode) == ("1", cabinet.evidence, cabinet.mode)
        assert [door.size for door in known.doors] == [cabinet.size] * cabinet.doors
        assert banks[cabinet.id]["simulated"] is False  # not before its things lie behind its doors
    assert stack.read("stack.json")["badges"]["lena.hoffmann"] == "04A2246B1F9080"


def test_a_load_that_broke_off_goes_on_where_it_was_and_repeats_nothing(stack: Home, api: Api, line: Line) -> None:
    stack.update("stack.json", lambda known: known.update(banks={}))
    line.broken_after = 150
    with pytest.raises(ApiError, match="the line broke"):
        loaded(stack, api)
    assert load.is_begun(stack)
    assert load.wanted(stack, api)
    loaded(stack, api)
    assert [event.seq for event in list_events(ORG, "laptop-01")] == [1, 2]
    assert {load_bank(ORG, cabinet.id).generation for cabinet in sample.BANKS} == {1}
    load.finish(stack)
    assert not load.wanted(stack, api)


def test_a_workplace_of_ones_own_gets_no_sample(stack: Home, api: Api, line: Line) -> None:
    line.client.post("/sites", {"id": "mine", "name": "Mine", "time_zone": "UTC"})
    assert not load.wanted(stack, api)


def test_the_fallback_policy_is_the_only_thing_of_an_empty_stack(api: Api, line: Line) -> None:
    load.fallback(api)
    load.fallback(api)
    assert [policy["id"] for policy in api.all("/policies")] == ["fallback"]
    assert {path for method, path in line.sent if method == "POST"} == {"/policies"}


def test_a_key_stands_for_path_and_body() -> None:
    one = load.Request(path="/people", body={"id": "a", "name": "A"})
    assert one.key == load.Request(path="/people", body={"name": "A", "id": "a"}).key
    assert one.key != load.Request(path="/people", body={"id": "a", "name": "B"}).key
    assert one.key != load.Request(path="/sites", body={"id": "a", "name": "A"}).key
    keys = [request.key for lane in (load._rules(), *load._lanes()) for request in lane]
    assert len(set(keys)) == len(keys)


def test_what_does_not_lie_in_a_door_lies_in_the_record_only() -> None:
    stowed = {asset for asset, _, _ in sample.STOWED}
    behind = sum(len(things) for cabinet in sample.BANKS for things in load.contents(cabinet.id).values())
    assert behind == len(stowed) < len(sample.ASSETS)
