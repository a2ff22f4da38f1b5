"""The OpenAPI 3.1 document, made from what parses the requests: routes, role tables and the types of the views."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from inspect import getdoc
from typing import Any, Final, get_origin

from chalicelib.web.answers import Listed
from chalicelib.web.once import HEADER as IDEMPOTENCY_KEY
from chalicelib.web.patches import MEDIA_TYPES
from chalicelib.web.problems import MEDIA_TYPE
from chalicelib.web.route import BASE, Route
from chalicelib.web.schemas import Problem, Schemas, patch_name, query_parameters
from toolcrib import __version__

SCHEME: Final = "cognito"
ABOUT: Final = """\
Everything the screens do. JSON in snake_case, instants in RFC 3339 UTC, durations in ISO 8601 without months or years.

Lists take `limit` and `cursor` and return `items` and `next_cursor`. Every refusal is an `application/problem+json`
(RFC 9457) with a stable `code`. `POST` takes an `Idempotency-Key`: a repeat within two days gets the same answer.
`PATCH` is a JSON merge patch (RFC 7396) and needs the resource's `ETag` as `If-Match`.

Sign in with Cognito and send the access token. Which routes a role may ask, and how much it sees there, stands with
each route: the whole org, what belongs to its own sites, or what is its own.
"""

REFUSALS: Final = {
    400: "The body or the query does not fit; `errors` names each field.",
    401: "Not signed in.",
    403: "The token's scope or the principal's role does not cover this.",
    404: "There is no such thing here.",
    409: "What is on record does not allow this; `code` says what.",
    412: "It was changed since it was read.",
    413: "The body is larger than 64 KB.",
    415: "The body is not of a media type that is taken.",
    422: "This `Idempotency-Key` was used for another request.",
    428: "`If-Match` is missing.",
    429: "Too many requests at once.",
    500: "Something failed here; the outcome is not known.",
    504: "No answer in time; the outcome is not known.",
}

PAGES: Final = {
    200: "What will happen, or what was done.",
    403: "A page: this is not for its reader, or not any more.",
    404: "A page: it is no link of ours.",
    409: "A page: it could not be done just now.",
    410: "A page: the link was used, is too old, or what it is about is over.",
}
"""What a link in a mail leads to; each is a page for people."""


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the document of these routes."""
    ordered = list(routes)
    schemas = Schemas.of(ordered)
    paths: dict[str, Any] = {}
    for route in ordered:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Toolcrib", "version": __version__, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": BASE}],
        "tags": [{"name": noun} for noun in dict.fromkeys(route.noun for route in ordered)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {_name(status): _refusal(text) for status, text in REFUSALS.items()},
            "securitySchemes": {
                SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token of the deployment's Cognito user pool.",
                }
            },
        },
    }


def operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    """Return the operation object of one route."""
    summary, _, more = (getdoc(route.view) or "").partition("\n\n")
    first, _, rest = summary.replace("\n", " ").partition(". ")
    found: dict[str, Any] = {
        "operationId": route.view.__name__,
        "tags": [route.noun],
        "summary": first.rstrip(".") + ".",
        "description": "\n\n".join(part for part in (rest, more) if part),
        "parameters": [*_path_parameters(route), *query_parameters(route.query), *_headers(route)],
        "security": [] if route.row.scope is None else [{SCHEME: [str(route.row.scope)]}],
        "responses": {str(status): answer for status, answer in sorted(_responses(route, schemas).items())},
    }
    if route.row.scope is not None:
        found["x-roles"] = {str(role): str(sight) for role, sight in route.row.roles.items()}
    if route.body is not None:
        found["requestBody"] = _body(schemas.ref(route.body), MEDIA_TYPES[:1])
    elif route.patch is not None:
        found["requestBody"] = _body({"$ref": f"#/components/schemas/{patch_name(route.patch)}"}, MEDIA_TYPES)
    return found


def _body(schema: Mapping[str, Any], media_types: Iterable[str]) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema} for media_type in media_types}}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    door = {"type": "integer", "minimum": 1, "maximum": 64}
    text = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
    known = {"door": door, "token": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,1024}$"}}
    return [{"name": name, "in": "path", "required": True, "schema": known.get(name, text)} for name in names]


def _headers(route: Route) -> list[dict[str, Any]]:
    found = []
    if route.patch is not None:
        about = "The `ETag` of the state that is changed, or `*`."
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
        )
    if route.changes and route.row.scope is not None:
        about = "Makes a repeat safe: it gets the first one's answer."
        found.append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "required": False,
                "description": about,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        )
    return found


def _responses(route: Route, schemas: Schemas) -> dict[int, dict[str, Any]]:
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.gives is not None and route.gives is not type(None):
        media_type = "text/html" if route.gives is str else "application/json"
        success["content"] = {media_type: {"schema": schemas.ref(route.gives)}}
        if route.row.scope is not None and get_origin(route.gives) is not Listed:
            success["headers"] = {"ETag": {"description": "Its version.", "schema": {"type": "string"}}}
    told = {status: {"$ref": f"#/components/responses/{_name(status)}"} for status in _refusals(route)}
    if route.page:
        return {**told, **{status: {**success, "description": text} for status, text in PAGES.items()}}
    return {route.status: success, **told}


def _refusal(text: str) -> dict[str, Any]:
    problem = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
    return {"description": text, "content": {MEDIA_TYPE: problem}}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _refusals(route: Route) -> set[int]:
    if route.page:
        return {415, 429, 500, 504} if route.changes else {429, 500, 504}
    found = {429, 500, 504} if route.row.scope is None else {400, 401, 403, 429, 500, 504}
    if "{" in route.path or route.body is not None:
        found.add(404)
    if route.changes:
        found |= {409, 413, 415, 422}
    return found | ({412, 428} if route.patch is not None else set())
