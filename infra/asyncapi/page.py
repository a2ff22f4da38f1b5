"""docs/mqtt-reference.md: every message with its fields, their types and limits, and an example, from the document."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

TOP: Final = """# MQTT reference

Every message between a bank and the cloud, written by `make docs` from the types that parse and make them; the same as
[asyncapi.yaml](asyncapi.yaml) (AsyncAPI 3.0), which tools can read. What it is about: [mqtt.md](mqtt.md).
"""
LIMITS: Final = {
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "pattern": "`{}`",
}


def page(whole: Mapping[str, Any]) -> str:
    """Return the page of a document."""
    return "\n".join(_lines(whole)).rstrip() + "\n"


def _lines(whole: Mapping[str, Any]) -> Iterator[str]:
    schemas = whole["components"]["schemas"]
    yield TOP
    yield str(whole["info"]["description"])
    used: set[str] = set()
    for title, action in (("What a bank sends", "send"), ("What a bank receives", "receive")):
        yield f"## {title}\n"
        for operation in whole["operations"].values():
            if operation["action"] == action:
                yield from _message(whole, operation, schemas, used)
    yield "## Parts of messages\n"
    for name in sorted(used):
        yield f"### {name}\n"
        yield f"{' '.join(schemas[name].get('description', '').split())}\n"
        yield from _table(schemas[name])


def _message(
    whole: Mapping[str, Any], operation: Mapping[str, Any], schemas: Mapping[str, Any], used: set[str]
) -> Iterator[str]:
    channel = whole["channels"][_last(operation["channel"]["$ref"])]
    (name,) = channel["messages"]
    message = whole["components"]["messages"][name]
    schema = schemas[_last(message["payload"]["$ref"])]
    yield f"### `{message['title']}`\n"
    yield f"{message['description']}\n"
    about = [f"Topic `{channel['address']}`"]
    about += [_last(trait["$ref"]) for trait in message.get("traits", ())]
    about += ["retained"] if operation["bindings"]["mqtt"]["retain"] else []
    answers = operation.get("x-answered-by")
    about += [f"answered by {', '.join(f'`down/{each}`' for each in answers)}"] if answers else []
    yield f"{'; '.join(about)}.\n"
    yield from _table(schema)
    used |= set(_refs(schema, schemas))
    for example in message["examples"][:1]:
        yield f"```json\n{json.dumps(example['payload'], indent=2, ensure_ascii=False)}\n```\n"


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "| field | type | | limits |\n|---|---|---|---|"
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        need = "needed" if name in required else _default(field)
        yield f"| `{name}` | {_type(field)} | {need} | {_limits(field)} |"
    yield ""


def _default(field: Mapping[str, Any]) -> str:
    known = field.get("default")
    return "" if known in (None, {}, [], ()) else f"else `{json.dumps(known)}`"


def _type(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        name = _last(field["$ref"])
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(each) for each in field["anyOf"]))
    if "enum" in field:
        return ", ".join(f"`{each}`" for each in field["enum"])
    kind = field.get("type", "any")
    if kind == "array":
        return f"list of {_type(field.get('items', {}))}"
    if kind == "object":
        inner = _type(field.get("additionalProperties") or {})
        return f"map to ({inner})" if " or " in inner else f"map to {inner}"
    return f"{kind} ({field['format']})" if "format" in field else str(kind)


def _limits(field: Mapping[str, Any]) -> str:
    """Return the limits of a field and of what is in it, each once."""
    inner = [*field.get("anyOf", ()), field.get("items"), field.get("additionalProperties"), field.get("propertyNames")]
    own = [text.format(_cell(field[name])) for name, text in LIMITS.items() if name in field]
    nested = [_limits(each) for each in inner if isinstance(each, dict) and "$ref" not in each]
    return "; ".join(dict.fromkeys(part for part in (*own, *nested) if part))


def _cell(limit: object) -> str:
    return str(limit).replace("|", "\\|")


def _refs(schema: Any, schemas: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield _last(value)
                yield from _refs(schemas[_last(value)], schemas)
            else:
                yield from _refs(value, schemas)
    elif isinstance(schema, list):
        for each in schema:
            yield from _refs(each, schemas)


def _last(ref: str) -> str:
    return ref.rsplit("/", 1)[1]
