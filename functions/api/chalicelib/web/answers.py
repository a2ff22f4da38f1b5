"""What goes back: structs on their way to JSON, ETags, and the headers every answer carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

import msgspec
from chalice.app import Response

from chalicelib.web.problems import MEDIA_TYPE, problem, status_of
from toolcrib.domain.durations import iso
from toolcrib.domain.events import instant
from toolcrib.domain.refusals import Refusal

Headers = dict[str, str | list[str]]
Body = TypeVar("Body")
Item = TypeVar("Item")

ALWAYS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Answer(Generic[Body]):
    """A success. `version` becomes the ETag, `location` is relative to `/v1`; `status` overrides the route's own."""

    body: Body
    version: int | None = None
    location: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Listed(msgspec.Struct, Generic[Item], kw_only=True, frozen=True):
    """One page of a list; `next_cursor` is null on the last one."""

    items: Sequence[Item]
    next_cursor: str | None = None


def wire(value: Any) -> Any:
    """Return a value as JSON has it: RFC 3339 in milliseconds with `Z`, ISO 8601 durations without months or years."""
    return _plain(msgspec.to_builtins(value, builtin_types=(datetime, timedelta)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return instant(value)
    return iso(value) if isinstance(value, timedelta) else value


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def respond(answer: Answer[Any], status: int) -> Response:
    """Return the HTTP response of a success; `status` is the route's. A text body is sent as it is."""
    headers: Headers = {**ALWAYS, "Content-Type": "application/json", **answer.headers}
    if answer.version is not None:
        headers["ETag"] = etag(answer.version)
    if answer.location is not None:
        headers["Location"] = f"/v1{answer.location}"
    if answer.body is None:
        del headers["Content-Type"]
    return Response(body=_text(answer.body), status_code=answer.status or status, headers=headers)


def refuse(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """Return the HTTP response of a refusal."""
    return problem_response(problem(refusal), status_of(refusal), headers or {})


def problem_response(body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    """Return a problem as a response."""
    sent: Headers = {**ALWAYS, **headers, "Content-Type": MEDIA_TYPE}
    return Response(body=_text(body), status_code=int(status), headers=sent)


def _text(body: Any) -> str:
    if body is None:
        return ""
    return body if isinstance(body, str) else msgspec.json.encode(wire(body)).decode()
