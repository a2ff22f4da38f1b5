"""The AsyncAPI document: valid, complete, as the code is; and enough to build another maker's controller from."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from edge import uploads as shipped
from infra.asyncapi.contract import ANSWERED, messages
from infra.asyncapi.document import as_text, document
from infra.asyncapi.page import page
from tests.support.banks import rule_event
from tests.support.outcomes import TAG, lend, stage
from tests.support.workplace import ORG, TOKEN
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.wire import uploads
from toolcrib.wire.arrivals import MAX_BYTES, BadUpload, arrival

DOCS = Path("docs")
KEPT = (DOCS / "asyncapi.yaml").read_text(encoding="utf-8")
WHOLE: dict[str, Any] = yaml.safe_load(KEPT)
SPECIFICATION = json.loads((Path(__file__).parent / "asyncapi" / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))
CHANNELS = sorted(WHOLE["channels"])
UP = [name for name in CHANNELS if name.startswith("up_")]
TYPES: dict[str, Any] = {each.name: each.type for each in messages()}


def message(channel: str) -> dict[str, Any]:
    """Follow the references as a reader of the document does, and return a channel's one message."""
    (ref,) = WHOLE["channels"][channel]["messages"].values()
    found: dict[str, Any] = WHOLE["components"]["messages"][ref["$ref"].rsplit("/", 1)[1]]
    return found


def schema(channel: str) -> dict[str, Any]:
    """Return the schema of a channel's payload, with all that it refers to."""
    return {**message(channel)["payload"], "components": WHOLE["components"]}


@cache
def validator(channel: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(channel))


def check(channel: str, payload: object) -> None:
    validator(channel).validate(payload)


# --- the document itself ---


def test_it_is_valid_by_the_specifications_own_schema() -> None:
    found = list(jsonschema.Draft7Validator(SPECIFICATION).iter_errors(WHOLE))
    assert not found, [error.message for error in found][:3]


def test_the_schema_of_the_specification_refuses_what_is_wrong() -> None:
    broken = {**WHOLE, "operations": {"x": {"action": "shout", "channel": {"$ref": "#/channels/up_tap"}}}}
    assert not jsonschema.Draft7Validator(SPECIFICATION).is_valid(broken)


def test_what_is_kept_is_what_the_types_say() -> None:
    assert as_text(document()) == KEPT, "write it anew: make docs"
    assert page(WHOLE) == (DOCS / "mqtt-reference.md").read_text(encoding="utf-8"), "write it anew: make docs"


def test_every_reference_leads_somewhere() -> None:
    def refs(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [found for key, each in value.items() for found in ([each] if key == "$ref" else refs(each))]
        return [found for each in value for found in refs(each)] if isinstance(value, list) else []

    for ref in refs(WHOLE):
        found: Any = WHOLE
        for part in ref.removeprefix("#/").split("/"):
            assert part in found, ref
            found = found[part]


def test_every_kind_of_the_wire_is_in_it_and_no_other() -> None:
    addresses = {channel["address"] for channel in WHOLE["channels"].values()}
    assert addresses == {f"toolcrib/v1/{{thing}}/{each.direction}/{each.kind}" for each in messages()}
    assert {each.kind for each in messages() if each.up} <= ANSWERED.keys()
    answers = {answer for each in messages() if each.up for answer in ANSWERED[each.kind]}
    assert answers <= {each.kind for each in messages() if not each.up}


def test_every_channel_has_one_operation_in_its_direction() -> None:
    told = {(each["action"], each["channel"]["$ref"]) for each in WHOLE["operations"].values()}
    assert told == {("send" if name in UP else "receive", f"#/channels/{name}") for name in CHANNELS}


def test_what_the_rules_of_the_cloud_listen_to_is_what_it_says() -> None:
    rules = Path("infra/apps/devices.yaml").read_text(encoding="utf-8")
    for name in UP:
        assert WHOLE["channels"][name]["address"].replace("{thing}", "+") in rules, name


@pytest.mark.parametrize("name", UP)
def test_what_goes_up_says_of_which_class_it_is(name: str) -> None:
    (trait,) = message(name)["traits"]
    kind = "conversation" if issubclass(TYPES[name], uploads.Conversation) else "report"
    assert trait["$ref"].endswith(f"/{kind}")
    needed = WHOLE["components"]["schemas"][TYPES[name].__name__]["required"]
    assert ("journal_depth" in needed or name == "up_status") == (kind == "conversation" or name == "up_status")
    assert ("seq" in needed) == (kind == "report")


@pytest.mark.parametrize("name", CHANNELS)
def test_every_message_says_what_it_is_and_shows_an_example_that_fits(name: str) -> None:
    found = message(name)
    assert found["description"].endswith(".")
    assert found["examples"], f"add one to {'events/' if name in UP else 'infra/asyncapi/contract.py'}"
    for example in found["examples"]:
        check(name, example["payload"])
        assert len(json.dumps(example["payload"]).encode()) <= MAX_BYTES
        assert msgspec.convert(example["payload"], TYPES[name])


def test_every_event_that_a_bank_sends_is_an_example() -> None:
    files = {path.stem for path in Path("events").glob("*.json") if "/up/" in path.read_text(encoding="utf-8")}
    shown = {example["name"] for name in UP for example in message(name)["examples"]}
    assert shown == files


# --- another maker's controller, which knows nothing but the document ---


def strategy(of: Mapping[str, Any]) -> some.SearchStrategy[Any]:
    """Return what a JSON Schema of the document allows; only what the document uses is known here."""
    if "$ref" in of:
        return strategy(WHOLE["components"]["schemas"][of["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in of:
        return some.one_of(*(strategy(each) for each in of["anyOf"]))
    if "enum" in of:
        return some.sampled_from(of["enum"])
    made = {
        "null": some.none,
        "boolean": some.booleans,
        "integer": lambda: some.integers(of.get("minimum", -(2**53)), of.get("maximum", 2**53)),
        "string": lambda: text(of),
        "array": lambda: some.lists(
            strategy(of["items"]), min_size=of.get("minItems", 0), max_size=min(of.get("maxItems", 3), 3)
        ),
        "object": lambda: thing(of),
    }
    return made[of["type"]]()


def text(of: Mapping[str, Any]) -> some.SearchStrategy[str]:
    if of.get("format") == "date-time":
        return some.integers(0, 4_000_000_000).map(
            lambda at: datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
        )
    if "pattern" in of:
        longest = of.get("maxLength", 10_000)
        return some.from_regex(of["pattern"].removesuffix("$") + r"\Z").filter(lambda made: len(made) <= longest)
    return some.text(min_size=of.get("minLength", 0), max_size=min(of.get("maxLength", 20), 40))


def thing(of: Mapping[str, Any]) -> some.SearchStrategy[dict[str, Any]]:
    if "properties" not in of:
        names = strategy(of["propertyNames"] | {"type": "string"}) if "propertyNames" in of else some.text(max_size=9)
        return some.dictionaries(names, strategy(of["additionalProperties"]), max_size=3)
    needed = set(of.get("required", ()))
    fields = {name: strategy(each) for name, each in of["properties"].items()}
    return some.fixed_dictionaries(
        {name: each for name, each in fields.items() if name in needed},
        optional={name: each for name, each in fields.items() if name not in needed},
    )


@pytest.mark.parametrize("name", UP)
@settings(max_examples=25, deadline=None)
@given(data=some.data())
def test_whatever_fits_the_document_is_taken_by_the_cloud(name: str, data: some.DataObject) -> None:
    payload = data.draw(strategy(message(name)["payload"]))
    check(name, payload)
    raw = json.dumps(payload).encode()
    if len(raw) <= MAX_BYTES:
        arrived = arrival(rule_event("acme:hq-01", raw, datetime(2026, 11, 20, 9, 0, tzinfo=UTC)), TYPES[name])
        assert arrived.body.id == payload["id"]


@pytest.mark.parametrize("name", UP)
def test_whatever_does_not_fit_is_refused_by_both(name: str) -> None:
    payload = message(name)["examples"][0]["payload"]
    needed = WHOLE["components"]["schemas"][TYPES[name].__name__]["required"]
    wrong = [{**payload, "surprise": 1}, *({**payload, field: {}} for field in ("id", "age_ms", "boot"))]
    wrong += [{key: value for key, value in payload.items() if key != field} for field in needed]
    for each in wrong:
        with pytest.raises(jsonschema.ValidationError):
            check(name, each)
        with pytest.raises(BadUpload):
            arrival(
                rule_event("acme:hq-01", json.dumps(each).encode(), datetime(2026, 11, 20, tzinfo=UTC)), TYPES[name]
            )


class OtherMaker:
    """A controller built from the document alone: it fills in its examples, and reads answers by its schemas."""

    def __init__(self, here: World, bank: str) -> None:
        self.here, self.thing, self.bank = here, f"{ORG}:{bank}", bank
        self.sent = 0

    def say(self, kind: str, example: str, **more: Any) -> list[tuple[str, dict[str, Any]]]:
        """Send an upload, made from an example; returns the answers, each by its kind and checked."""
        self.sent += 1
        shown = {each["name"]: each["payload"] for each in message(f"up_{kind}")["examples"]}
        now = self.here.now.isoformat().replace("+00:00", "Z")
        payload = {**shown[example], "id": f"01JD4A{self.sent:020d}", "at": now, "age_ms": 0, **more}
        payload |= {"seq": self.sent} if "seq" in payload else {}
        check(f"up_{kind}", payload)
        address = WHOLE["channels"][f"up_{kind}"]["address"].replace("{thing}", self.thing)
        thing, last = address.split("/")[2], address.rsplit("/", 1)[1]
        heard = self.here.deliver(last, rule_event(thing, json.dumps(payload).encode(), self.here.now))
        answers = [(each.kind, dict(each.body)) for each in heard if each.bank == self.bank]
        for answer, body in answers:
            check(f"down_{answer}", body)
        assert {answer for answer, _ in answers} <= set(WHOLE["operations"][f"send_{kind}"]["x-answered-by"])
        return answers


def test_it_lends_and_takes_back(here: World) -> None:
    stage(here)
    maker = OtherMaker(here, "hq-01")
    ((kind, opened),) = maker.say("tap", "tap", badges=[TOKEN])
    assert (kind, opened["re"]) == ("open", f"01JD4A{1:020d}")
    grant = here.grant()
    assert dict(maker.say("door", "door_opened", grant=grant.id))["ack"]["ids"]
    maker.say("door", "door_closed_tags", grant=grant.id, tags=[])
    assert here.asset().state == "on_loan"
    here.later(minutes=5)
    maker.say("tap", "tap", badges=[TOKEN])
    door = here.door()
    assert door.grant is not None
    maker.say("door", "door_closed_tags", grant=door.grant.id, door=1, tags=[TAG])
    assert here.asset().state == "stowed"


def test_it_shows_a_choice_and_tells_how_it_is(here: World) -> None:
    lend(here, mode=Mode.KIOSK)
    maker = OtherMaker(here, "hq-01")
    assert maker.say("status", "status", doors={"1": "closed"}, tags={"1": []})[0][0] == "ack"
    assert maker.say("time", "time")[0][0] == "time"
    assert maker.say("alarm", "alarm_tamper")[0][0] == "ack"
    assert {kind for kind, _ in maker.say("fault", "fault", asset="drill-1", door=None)} >= {"ack"}


# --- and the one that ships ---


def test_what_the_shipped_controller_sends_fits_the_document() -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    upload = "01JD4A00000000000000000001"
    asked = shipped.conversation(shipped.Tap(badges=(TOKEN,)), upload=upload, at=at, boot=1, journal_depth=0)
    check("up_tap", json.loads(asked))
    (status,) = shipped.status({1: "closed"}, {1: (TAG,)}, firmware="1", uptime_s=1, journal_depth=0)
    body = msgspec.json.encode(status)
    told = shipped.report(body, upload=upload, at=shipped.rfc3339(at), boot=1, seq=1, age_ms=5)
    check("up_status", json.loads(told))
