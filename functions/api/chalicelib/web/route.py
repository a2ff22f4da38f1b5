"""One route, and what can be known of it from its view's annotations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

from chalicelib.web.patches import MEDIA_TYPES
from chalicelib.web.roles import SIGNED, Row

BASE: Final = "/v1"

View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Route:
    """`name` is `METHOD /path` as in the role table; `secret` answers are not kept for repeats."""

    name: str
    row: Row
    view: View
    noun: str
    status: int
    secret: bool
    hints: Mapping[str, Any]

    @property
    def method(self) -> str:
        """GET, POST, PATCH or DELETE."""
        return self.name.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """The path under `/v1`."""
        return self.name.split(" ", 1)[1]

    @property
    def changes(self) -> bool:
        """Whether asking may change something, so that an `Idempotency-Key` has a meaning."""
        return self.method != "GET"

    @property
    def body(self) -> Any:
        """The struct a body is parsed into, or None."""
        return self.hints.get("body")

    @property
    def patch(self) -> Any:
        """The struct that a merge patch is applied to, or None."""
        return _inner(self.hints.get("patch"))

    @property
    def page(self) -> bool:
        """Whether it is a page for people without a sign-in, who come by a link: nothing of a body is read."""
        return self.row.scope is None and "{" in self.path

    @property
    def media_types(self) -> tuple[str, ...]:
        """What a body may be; a page's form sends none, and a mail program its own word (RFC 8058)."""
        if self.page:
            return ("application/x-www-form-urlencoded", "multipart/form-data", *MEDIA_TYPES[:1])
        if self.row is SIGNED:
            return ("application/x-www-form-urlencoded", *MEDIA_TYPES[:1])
        return MEDIA_TYPES if self.patch else MEDIA_TYPES[:1]

    @property
    def query(self) -> Any:
        """The struct of the query's parameters, or None."""
        return self.hints.get("query")

    @property
    def gives(self) -> Any:
        """The type of a success's body."""
        return _inner(self.hints.get("return"))


def _inner(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is not None else None
