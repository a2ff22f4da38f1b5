"""The packaged templates as AWS gets them, and what their roles allow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from cfnlint.template.transforms._sam_globals import merge_globals
from chalice.package import YAMLTemplateSerializer

from infra.cli.templates import templates
from tests.support.filling import Filling

Statements = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of one stack; nothing in `properties` is left to fill in. `whole` is as written."""

    stack: str
    name: str
    kind: str
    properties: Mapping[str, Any]
    whole: Mapping[str, Any]


@cache
def resources() -> tuple[Resource, ...]:
    """Return every resource of every stack; the alarms of each function stand in a loop and are not among them."""
    return tuple(_resources())


def _resources() -> Iterator[Resource]:
    for stack, path in templates().items():
        template = merge_globals(YAMLTemplateSerializer().load_template(path.read_text()))
        fill = Filling(stack, template)
        for name, whole in template["Resources"].items():
            if isinstance(whole, dict):
                properties = fill(whole.get("Properties", {}))
                yield Resource(stack=stack, name=name, kind=whole["Type"], properties=properties, whole=whole)


def of_kind(kind: str) -> dict[str, Resource]:
    """Return the resources of a type, such as `AWS::SQS::Queue`, by logical id; what each app has, as `app.Logs`."""
    found = [each for each in resources() if each.kind == kind]
    return {f"{each.stack}.{each.name}" if each.name in {"Logs", "LogPolicy"} else each.name: each for each in found}


def functions() -> dict[str, Resource]:
    """Return the Lambda functions by their name in app.py; the HTTP API's is `api`."""
    found = of_kind("AWS::Serverless::Function").values()
    handlers = {each.properties["Handler"].removeprefix("app."): each for each in found}
    return {"api" if name == "app" else name: each for name, each in handlers.items()}


def role(function: str) -> Resource:
    """Return a function's role."""
    return of_kind("AWS::IAM::Role")[functions()[function].properties["Role"].removeprefix("arn:of:")]


def statements(function: str) -> Statements:
    """Return every statement of a function's role."""
    given = role(function).properties
    documents = [_managed(name) for name in given["ManagedPolicyArns"]]
    documents += [each["PolicyDocument"] for each in given.get("Policies", [])]
    return [statement for document in documents for statement in document["Statement"]]


def _managed(reference: str) -> Mapping[str, Any]:
    """Return a managed policy: of the role's own stack, or of the access stack by the parameter's name."""
    wanted = reference if "." in reference else f"access.{reference}"
    (found,) = [each for each in resources() if f"{each.stack}.{each.name}" == wanted]
    document: Mapping[str, Any] = found.properties["PolicyDocument"]
    return document


def who_may(action: str, resource: str) -> set[str]:
    """Return the functions whose role allows an action on a resource; conditions are taken to hold."""
    return {name for name in functions() if effects(statements(name), action, resource) == {"Allow"}}


def effects(of: Statements, action: str, resource: str) -> set[str]:
    """Return what the statements that concern an action on a resource say: `Allow`, `Deny`."""
    return {each["Effect"] for each in of if _matches(each["Action"], action) and _matches(each["Resource"], resource)}


def _matches(patterns: str | list[str], value: str) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in as_list(patterns))


def as_list(value: Any) -> list[Any]:
    """Return a value that may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [value]
