"""The AsyncAPI 3.0 document, as a controller sees the contract: it sends what goes up, and receives what comes down."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
import yaml

from infra.asyncapi.contract import ANSWERED, RETAINED, Message, messages
from toolcrib import __version__
from toolcrib.wire.arrivals import MAX_BYTES

REF: Final = "#/components/schemas/{name}"
PYTHON_ONLY: Final = "$(?!\\n)"  # what ends a pattern of ours; elsewhere `$` alone means the same
ABOUT: Final = f"""\
How a bank of lockers and the cloud talk, version 1. Whoever speaks this can build another controller.

Topic: `toolcrib/v1/{{thing}}/{{up|down}}/{{kind}}`, where the thing is `{{org}}:{{bank}}`, which is the client id, too.
QoS 1. JSON in UTF-8, at most {MAX_BYTES} bytes. A bank may publish only below its own `up/`, subscribe only to its own
`down/`, and retain nothing. The cloud takes org and bank from the topic, never from a payload; it refuses unknown
fields, and a bank ignores them.

Every upload has an `id` (a ULID, the same in each repeat), `at` (the bank's clock, for display only), `age_ms`
(monotonic milliseconds between what it tells of and this sending: the cloud reckons from its own clock) and `boot`
(which counts up). `opened_ms` and `closed_ms` are such ages, too. Every message down has `re`: the
upload that it answers, or null.

Two classes go up. **Conversation**: somebody is waiting; it is sent once, never kept and never repeated, and dropped by
the cloud when it is older than ten seconds. **Reports**: written to a durable journal first, numbered within a boot
(`seq`), and repeated until `down/ack` names them; each may arrive twice, late, or after a later one.

What opens a door, and what tells the time, is signed: a compact JWS (HS256) under a key that the bank was given when it
was enrolled; its header's `kid` is the generation of that enrolment. An `open` is obeyed when its signature, `aud` (the
thing), `door` and `exp` hold, its `jti` was never used on this bank before, and its `re` is an upload that is younger
than 30 seconds and still waits, or its `purpose` is `service` and the bank's time comes from a signed `time`.
"""
CONVERSATION: Final = "Somebody waits: sent once, never kept, never repeated; dropped when older than 10 s."
REPORT: Final = "Journalled first, numbered within a boot, repeated until it is acknowledged."


def document() -> dict[str, Any]:
    """Return the document."""
    every = messages()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Toolcrib banks", "version": __version__, "description": ABOUT, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "servers": {"iot": _server()},
        "channels": {each.name: _channel(each) for each in every},
        "operations": {f"{'send' if each.up else 'receive'}_{each.kind}": _operation(each) for each in every},
        "components": {
            "messages": {each.name: _message(each) for each in every},
            "schemas": schemas(every),
            "securitySchemes": {
                "certificate": {
                    "type": "X509",
                    "description": "Mutual TLS, with the certificate that enrolment gave for the bank's own key.",
                }
            },
            "messageTraits": {
                "conversation": {"tags": [{"name": "conversation", "description": CONVERSATION}]},
                "report": {"tags": [{"name": "report", "description": REPORT}]},
            },
        },
    }


def schemas(every: Iterable[Message]) -> dict[str, Any]:
    """Return the schemas of all messages and of their parts, by the names of their types."""
    _, found = msgspec.json.schema_components([each.type for each in every], ref_template=REF)
    named: dict[str, Any] = _portable(found)
    return {name: named[name] for name in sorted(named)}


def as_text(whole: Mapping[str, Any]) -> str:
    """Return a document as it is kept in docs/."""
    return yaml.dump(dict(whole), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _server() -> dict[str, Any]:
    return {
        "host": "{endpoint}:8883",
        "protocol": "mqtts",
        "protocolVersion": "3.1.1",
        "description": "AWS IoT Core, or the broker of the local stack; enrolment says which (`mqtt`).",
        "variables": {"endpoint": {"description": "As enrolment gave it."}},
        "security": [{"$ref": "#/components/securitySchemes/certificate"}],
        "bindings": {"mqtt": {"clientId": "{org}:{bank}", "cleanSession": True}},
    }


def _channel(each: Message) -> dict[str, Any]:
    return {
        "address": f"toolcrib/v1/{{thing}}/{each.direction}/{each.kind}",
        "parameters": {"thing": {"description": "`{org}:{bank}`, which is the client id, too."}},
        "messages": {each.name: {"$ref": f"#/components/messages/{each.name}"}},
    }


def _operation(each: Message) -> dict[str, Any]:
    found: dict[str, Any] = {
        "action": "send" if each.up else "receive",
        "channel": {"$ref": f"#/channels/{each.name}"},
        "summary": summary(each),
        "messages": [{"$ref": f"#/channels/{each.name}/messages/{each.name}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": each.kind in RETAINED}},
    }
    if each.up:
        found["x-answered-by"] = list(ANSWERED[each.kind])
    return found


def _message(each: Message) -> dict[str, Any]:
    field = "id" if each.up else "re"
    found: dict[str, Any] = {
        "name": each.kind,
        "title": f"{each.direction}/{each.kind}",
        "summary": summary(each),
        "description": each.about,
        "contentType": "application/json",
        "correlationId": {"location": f"$message.payload#/{field}"},
        "payload": {"$ref": REF.format(name=each.type.__name__)},
        "examples": [{"name": name, "payload": payload} for name, payload in each.examples],
    }
    if each.up:
        trait = "conversation" if each.conversation else "report"
        found["traits"] = [{"$ref": f"#/components/messageTraits/{trait}"}]
    return found


def summary(each: Message) -> str:
    """Return the first sentence of what a message says of itself."""
    return each.about.split(". ")[0].removesuffix(".") + "."


def _portable(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _portable(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_portable(value) for value in schema]
    return schema.replace(PYTHON_ONLY, "$") if isinstance(schema, str) else schema


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as such, and repeats what is the same instead of pointing to it."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
