"""The API describes itself: the document is valid, complete and what is kept in docs/."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.web.openapi import PAGES
from infra.openapi import as_text
from tests.support.http import Client
from tests.support.requests import BODIES, ROUTES
from toolcrib import __version__


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = Client(None).get("/openapi.json").json
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_what_is_kept_is_what_is_served(document: dict[str, Any]) -> None:
    kept = Path("docs/openapi.json").read_text(encoding="utf-8")
    assert json.loads(kept) == document, "write it anew: make docs"
    assert kept == as_text(document)


def test_every_route_is_in_it_and_nothing_else(document: dict[str, Any]) -> None:
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert described == ROUTES.keys()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does_who_may_ask_and_how_it_refuses(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        route = ROUTES[name]
        assert operation["summary"].endswith("."), name
        if route.row.scope is not None:
            assert operation["security"] == [{"cognito": [str(route.row.scope)]}], name
            assert operation["x-roles"] == {str(role): str(sight) for role, sight in route.row.roles.items()}
            assert {"401", "403"} <= operation["responses"].keys()
        else:
            assert operation["security"] == []
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(ids)) == len(ids)


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "4" and not (ROUTES[name].page and int(status) in PAGES):
                refusal = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
                assert refusal["content"].keys() == {"application/problem+json"}


def test_who_comes_by_a_link_gets_a_page_whatever_it_says(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if ROUTES[name].page:
            shown = [operation["responses"][str(status)]["content"].keys() for status in PAGES]
            assert shown == [{"text/html"}] * len(PAGES)


def test_changes_take_a_key_and_patches_a_tag_and_both_media_types(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        headers = {
            parameter["name"]: parameter["required"]
            for parameter in operation["parameters"]
            if parameter["in"] == "header"
        }
        signed_in = bool(operation["security"])
        assert ("Idempotency-Key" in headers) == (signed_in and not name.startswith("GET ")), name
        assert headers.get("If-Match", False) is name.startswith("PATCH ")
        if name.startswith("PATCH "):
            assert operation["requestBody"]["content"].keys() == {"application/json", "application/merge-patch+json"}


def test_every_sound_body_fits_its_schema_and_an_unsound_one_does_not(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if name in BODIES:
            schema = {
                **operation["requestBody"]["content"]["application/json"]["schema"],
                "components": document["components"],
            }
            jsonschema.validate(BODIES[name], schema)
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({**BODIES[name], "no_such_field": 1}, schema)


def test_what_is_answered_fits_its_schema(document: dict[str, Any], filled: None) -> None:
    for name, operation in operations(document):
        if name.startswith("GET ") and name not in {"GET /openapi.json", "GET /docs"} and not ROUTES[name].page:
            from tests.support.requests import path

            answer = Client().get(path(ROUTES[name])).json
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(answer, {**schema, "components": document["components"]})


def test_no_schema_is_left_over_or_missing(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert used == document["components"]["schemas"].keys()
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in used)


def test_the_version_is_the_projects() -> None:
    import tomllib

    assert tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == __version__


class Page(HTMLParser):
    def __init__(self, text_: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text_)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids += [name for name in [found.get("id")] if name]
        self.links += [link for name in ("href", "src") if (link := found.get(name))]


def test_the_page_shows_every_route_and_loads_nothing_from_anywhere(document: dict[str, Any]) -> None:
    reply = Client(None).get("/docs")
    page = Page(reply.text)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert {operation["operationId"] for _, operation in operations(document)} <= set(page.ids)
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= set(page.ids)
    assert not page.tags & {"script", "img", "link", "iframe", "form"}
    assert {link for link in page.links if not link.startswith("#")} == {"openapi.json"}
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_every_code_is_explained() -> None:
    told = Path("docs/api.md").read_text(encoding="utf-8")
    sources = [
        *Path("functions/api").rglob("*.py"),
        *Path("layers/core/python/toolcrib/flows/admin").glob("*.py"),
        Path("layers/core/python/toolcrib/domain/refusals.py"),
    ]
    codes = {
        code
        for source in sources
        for code in re.findall(r'\bcode(?:: str)? ?= ?"([a-z_]+)"', source.read_text(encoding="utf-8"))
    }
    assert codes - {"lost_race"} <= set(re.findall(r"`([a-z_]+)`", told)), "explain it in docs/api.md"
