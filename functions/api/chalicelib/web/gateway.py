"""What Chalice answers without asking us: an unknown method or media type, and whatever broke."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from chalice.app import Request, Response

from chalicelib.web.answers import problem_response
from chalicelib.web.problems import MEDIA_TYPE, plain_problem
from toolcrib.telemetry import count

GetResponse = Callable[[Request], Response]

PAGE: Final = "text/html; charset=utf-8"  # what people see who come by a link says itself what is wrong
CODES: Final = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


def only_problems(response: Response) -> Response:
    """Return a refusal of the framework as a problem; for a failure it says no more than that it was one."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code < HTTPStatus.BAD_REQUEST or headers.get("content-type") in {MEDIA_TYPE, PAGE}:
        return response
    status = HTTPStatus(response.status_code)
    body = plain_problem(status, CODES.get(status, "failed"), "")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        count("ApiFailures")
        body["detail"] = "something failed here; whether the request took effect is not known"
        body["advice"] = "Repeat it with the same Idempotency-Key."
    return problem_response(body, status, {"Allow": str(headers["allow"])} if "allow" in headers else {})
