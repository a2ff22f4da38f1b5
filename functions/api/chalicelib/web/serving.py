"""One request from the gateway's event to its answer; each step may refuse, and every refusal is a problem."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from chalice.app import Request, Response

from chalicelib.web import bodies
from chalicelib.web.answers import refuse, respond
from chalicelib.web.call import Call, Visit
from chalicelib.web.identity import identify, sight_of
from chalicelib.web.once import HEADER, checked, fingerprint, once
from chalicelib.web.patches import Patch, wanted_tags
from chalicelib.web.route import Route
from toolcrib.domain.ids import derived
from toolcrib.domain.principals import Asked, Principal
from toolcrib.domain.refusals import Invalid, NotFound, Refusal
from toolcrib.store.idempotency import Key
from toolcrib.telemetry import count, logger

ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")  # design.md, *HTTP contract*; anything else names nothing


def serve(route: Route, request: Request, path: tuple[str, ...]) -> Response:
    """Answer a request and write its one line of log: never a name, a badge or a body."""
    line: dict[str, Any] = {"route": route.name}
    try:
        response = _shown(route, request, path) if route.row.scope is None else _judge(route, request, path, line)
    except Refusal as refusal:
        response = _refused(refusal)
    logger().info("request", extra=line | {"status": response.status_code})
    return response


def _shown(route: Route, request: Request, path: tuple[str, ...]) -> Response:
    """Answer somebody of whom nothing is known."""
    if not route.page:
        return respond(route.view(), route.status)
    context, languages = request.context, request.headers.get("Accept-Language") or ""
    at = datetime.fromtimestamp(context["requestTimeEpoch"] / 1000, UTC)
    visit = Visit(at=at, request=context["requestId"], languages=languages)
    return respond(route.view(visit, *path), route.status)


def _judge(route: Route, request: Request, path: tuple[str, ...], line: dict[str, Any]) -> Response:
    principal = identify(request.context)
    line |= {"org": principal.org, "principal": principal.subject}
    sight = sight_of(principal, route.row, request.context)
    _readable(request, path)
    body = _body(route, request)
    at = datetime.fromtimestamp(request.context["requestTimeEpoch"] / 1000, UTC)
    repeatable = _repeatable(route, request, path, principal, body)
    cause = (request.context["requestId"],) if repeatable is None else (repeatable.key, repeatable.fingerprint)
    asked = Asked(by=principal, sight=sight, at=at, op=derived("http", principal.subject, *cause))
    line["op"] = asked.op
    call = Call(asked=asked, route=route.name, path=path)
    if repeatable is None:
        return _answered(route, request, call, body)
    return once(repeatable, at, lambda: _answered(route, request, call, body), secret=route.secret)


def _readable(request: Request, path: tuple[str, ...]) -> None:
    """Refuse text that cannot be written in UTF-8: it could be neither compared, nor kept, nor told."""
    query = _pairs(request)
    said = (
        *path,
        request.headers.get("If-Match") or "",
        *query,
        *(value for values in query.values() for value in values),
    )
    try:
        "".join(said).encode()
    except UnicodeEncodeError:
        raise Invalid(detail="the path, the query or a header is not text in UTF-8") from None


def _repeatable(route: Route, request: Request, path: tuple[str, ...], principal: Principal, body: Any) -> Key | None:
    """Return the request's `Idempotency-Key` with what makes two requests the same, None without one."""
    given = checked(request.headers.get(HEADER)) if route.changes else None
    if given is None:
        return None
    what = [route.name, path, request.headers.get("If-Match"), body]
    return Key(
        org=principal.org,
        principal=principal.subject,
        key=given,
        fingerprint=fingerprint(principal.org, what),
        holder=request.context["requestId"],
    )


def _body(route: Route, request: Request) -> dict[str, Any] | None:
    raw = bodies.raw(request)
    if not route.changes or not (raw or route.body or route.patch):
        return None
    return bodies.parse(raw)


def _answered(route: Route, request: Request, call: Call, body: dict[str, Any] | None) -> Response:
    try:
        arguments = _arguments(route, request, body)
        if not all(map(ID.fullmatch, call.path)):
            raise NotFound(detail="no such thing")
        return respond(route.view(call, *call.path, **arguments), route.status)
    except Refusal as refusal:
        return _refused(refusal)


def _refused(refusal: Refusal) -> Response:
    count("ApiRefusals", code=refusal.code)
    return refuse(refusal)


def _arguments(route: Route, request: Request, body: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the view asks for by name; a body or a parameter that nobody asked for is refused."""
    arguments: dict[str, Any] = {}
    if route.patch is not None:
        arguments["patch"] = Patch(body or {}, wanted_tags(request.headers.get("If-Match")))
    elif route.body is not None:
        arguments["body"] = bodies.fit(body or {}, route.body)
    elif body:
        raise Invalid(detail="there is nothing to set", fields=dict.fromkeys(body, "there is no such field to set"))
    query = bodies.fit(_query(request), route.query or bodies.Nothing, strict=False, what="query")
    if route.query is not None:
        arguments["query"] = query
    return arguments


def _query(request: Request) -> dict[str, Any]:
    given = _pairs(request)
    repeated = {name: "is given more than once" for name, values in given.items() if len(values) > 1}
    if repeated:
        raise Invalid(detail="the query does not fit", fields=repeated)
    return {name: values[0] for name, values in given.items()}


def _pairs(request: Request) -> dict[str, list[str]]:
    query = request.query_params
    return {} if query is None else {name: query.getlist(name) for name in query}
