"""JSON Schemas of the types in the views' annotations."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from chalicelib.web.route import Route

REF: Final = "#/components/schemas/{name}"
_BEFORE_NAME: Final = REF.removesuffix("{name}")
_PAGE: Final = re.compile(r"Listed_(\w+)_")


class FieldError(msgspec.Struct, kw_only=True):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(msgspec.Struct, kw_only=True):
    """Why a request was refused, or that it failed (RFC 9457). `code` is stable; `advice` says what to do next."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str = ""
    errors: list[FieldError] = []


@dataclass(frozen=True)
class Schemas:
    """Schemas by name, and for each type what refers to it."""

    components: dict[str, Any]
    refs: Mapping[Any, dict[str, Any]]

    @classmethod
    def of(cls, routes: Iterable[Route]) -> "Schemas":
        """Return the schemas that these routes need."""
        ordered = list(routes)
        bodies = {route.body for route in ordered if route.body is not None}
        patched = {route.patch for route in ordered if route.patch is not None}
        given = {route.gives for route in ordered if route.gives not in {None, type(None)}}
        refs_in, inputs = _components(bodies)
        _, patches = _components(patched)
        refs_out, outputs = _components({*given, Problem})
        for name in outputs.keys() - inputs.keys() - patches.keys() - {Problem.__name__}:
            _whole(outputs[name])
        patches |= {patch_name(kind): _patch(patches.pop(kind.__name__)) for kind in patched}
        components = {**outputs, **inputs, **patches}
        found = {_nice(name): components[name] for name in sorted(components, key=_nice)}
        if len(found) != len(components):
            raise ValueError(f"two schemas of the same name among {sorted(components)}")
        return cls(_renamed(found), {kind: _renamed(ref) for kind, ref in {**refs_in, **refs_out}.items()})

    def ref(self, kind: Any) -> dict[str, Any]:
        """Return what stands for a type: a reference, or the schema itself for what has no name."""
        found: dict[str, Any] = self.refs[kind]
        return found


def _nice(name: str) -> str:
    """Return the name of a schema: `Person` for `PersonView`, `PersonList` for a page of them."""
    of_page = _PAGE.fullmatch(name)
    return f"{_nice(of_page[1])}List" if of_page else name.removesuffix("View")


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_BEFORE_NAME):
        return _BEFORE_NAME + _nice(value.removeprefix(_BEFORE_NAME))
    return value


def patch_name(kind: type) -> str:
    """Return the name of the schema of a merge patch of a struct."""
    return f"{kind.__name__.removesuffix('Fields')}Patch"


def query_parameters(kind: Any) -> list[dict[str, Any]]:
    """Return the parameter objects of a query's struct, its enumerations spelled out."""
    if kind is None:
        return []
    (_,), found = msgspec.json.schema_components([kind], ref_template=REF)
    parameters = []
    for name, schema in found[kind.__name__]["properties"].items():
        wanted = {key: value for key, value in _not_null(schema, found).items() if key != "description"}
        default = {"default": schema["default"]} if schema.get("default") is not None else {}
        parameters.append(
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": wanted | default,
                "description": _not_null(schema, found).get("description", ""),
            }
        )
    return parameters


def _not_null(schema: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    options = [option for option in schema.get("anyOf", [schema]) if option != {"type": "null"}]
    only = options[0]
    named: dict[str, Any] = found[only["$ref"].rsplit("/", 1)[1]] if "$ref" in only else only
    return named


def _components(kinds: Iterable[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    ordered = sorted(kinds, key=str)
    refs, found = msgspec.json.schema_components(ordered, ref_template=REF)
    return dict(zip(ordered, refs, strict=True)), dict(found)


def _whole(schema: dict[str, Any]) -> None:
    """Say of an answer's schema that nothing is left out."""
    properties = schema.get("properties", {})
    for field in properties.values():
        field.pop("default", None)
    schema["required"] = list(properties)


def _patch(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a merge patch: nothing is required, null sets back what need not be given."""
    required = schema.get("required", ())
    properties = {}
    for name, field in schema["properties"].items():
        bare = {key: value for key, value in field.items() if key != "default"}
        nullable = name in required or {"type": "null"} in bare.get("anyOf", ())
        properties[name] = bare if nullable else {"anyOf": [bare, {"type": "null"}]}
    kept = {key: value for key, value in schema.items() if key not in {"required", "properties"}}
    return {**kept, "title": f"{schema['title']} (patch)", "properties": properties}
