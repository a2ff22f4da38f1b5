"""What a view is called with, apart from its body: who asks, under which operation, along which path."""

from dataclasses import dataclass
from datetime import datetime

from toolcrib.domain.principals import Asked


@dataclass(frozen=True, kw_only=True)
class Call:
    """`route` as in the role table (`GET /people/{id}`), `path` the values of its parameters."""

    asked: Asked
    route: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody who came by a link, without a sign-in: when, as which request, and the languages they read."""

    at: datetime
    request: str
    languages: str
