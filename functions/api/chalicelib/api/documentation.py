"""What the API is, for programs and for people."""

from functools import cache
from typing import Any, Final

from chalicelib.web.answers import Answer
from chalicelib.web.roles import PUBLIC
from chalicelib.web.routes import Routes, routes_of

routes: Final = Routes("documentation", {"GET /openapi.json": PUBLIC, "GET /docs": PUBLIC})

# Nothing is loaded from anywhere, and nothing on the page runs.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@routes.on("GET /openapi.json")
def show_openapi() -> Answer[dict[str, Any]]:
    """Describe the API in OpenAPI 3.1."""
    return Answer(_document())


@routes.on("GET /docs")
def show_docs() -> Answer[str]:
    """Describe the API on one page, without scripts and without the internet."""
    return Answer(_page(), headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY})


@cache
def _document() -> dict[str, Any]:
    from chalicelib.web.openapi import document  # only who reads the documentation waits for it

    return document(routes_of(routes.current_app))


@cache
def _page() -> str:
    from chalicelib.web.page import render  # the same, and for the template engine

    return render(_document())
