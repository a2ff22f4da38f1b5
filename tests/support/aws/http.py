"""What botocore hands to the wire and takes from there, in the four protocols that the product's services speak."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse


@dataclass(frozen=True)
class Asked:
    """One attempt of a call: `service` and `operation` are named as botocore's events name them."""

    service: str
    operation: str
    request: AWSPreparedRequest

    @property
    def call(self) -> str:
        """What all attempts of one call have in common."""
        return self.header("amz-sdk-invocation-id")

    @cached_property
    def path(self) -> Sequence[str]:
        """The parts of the path, as they were before quoting."""
        return [unquote(part) for part in urlsplit(self.request.url).path.strip("/").split("/")]

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's parameters, each the last of its name."""
        found = parse_qs(urlsplit(self.request.url).query, keep_blank_values=True)
        return {name: values[-1] for name, values in found.items()}

    @cached_property
    def body(self) -> bytes:
        """The body; one that is sent in chunks is put together."""
        body: Any = self.request.body or b""
        whole = body.read() if hasattr(body, "read") else body
        if "aws-chunked" in self.header("Content-Encoding"):
            return _unchunked(whole)
        return whole.encode() if isinstance(whole, str) else bytes(whole)

    @property
    def json(self) -> dict[str, Any]:
        """The body, parsed."""
        parsed: dict[str, Any] = json.loads(self.body) if self.body else {}
        return parsed

    def header(self, name: str) -> str:
        """Return a header, empty if it is not there."""
        value: Any = self.request.headers.get(name, "")
        return value.decode() if isinstance(value, bytes) else str(value)


class No(Exception):  # noqa: N818 - an answer
    """An answer of a service that says no."""

    def __init__(self, code: str, status: int = 400, message: str = "", **more: Any) -> None:
        super().__init__(code)
        self.code, self.status, self.message, self.more = code, status, message or code, more


def yes(asked: Asked, body: Any = None, *, raw: bytes | None = None, **headers: str) -> AWSResponse:
    """Return an answer: `body` as JSON, or bytes as they are."""
    whole = raw if raw is not None else json.dumps(body if body is not None else {}).encode()
    return _response(asked, 200, whole, {"x-amzn-requestid": "stub", **headers})


def no(asked: Asked, why: No) -> AWSResponse:
    """Return a refusal as its service's protocol has it."""
    if asked.service == "s3":
        error = f"<Error><Code>{why.code}</Code><Message>{why.message}</Message></Error>"
        return _response(asked, why.status, error.encode(), {"x-amz-request-id": "stub"})
    body = {"__type": f"com.amazonaws#{why.code}", "message": why.message, "Message": why.message, **why.more}
    headers = {"x-amzn-errortype": why.code, "x-amzn-requestid": "stub"}
    return _response(asked, why.status, json.dumps(body).encode(), headers)


def _response(asked: Asked, status: int, body: bytes, headers: Mapping[str, str]) -> AWSResponse:
    whole: Any = {"content-length": str(len(body)), **headers}
    raw: Any = _Raw(body)
    return AWSResponse(asked.request.url, status, whole, raw)


class _Raw(BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        whole, body = whole + rest[:length], rest[length + 2 :] if length else b""
    return whole
