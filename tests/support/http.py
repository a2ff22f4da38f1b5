"""The API in process: events as API Gateway sends them, through the app itself, with moto's tables behind it."""

import importlib.util
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3
from chalice.app import Chalice
from moto import mock_aws
from pynamodb.connection.base import Connection

from tests.support.dynamo import Dynamo
from tests.support.tables import ANSWERS, BADGE_KEY, ENVIRONMENT, MASTER, forget
from tests.support.workplace import NOW, ORG
from toolcrib.store.items import PrincipalItem, PrincipalOfItem
from toolcrib.store.keys import principal, principal_of
from toolcrib.store.tables import connection

APP = Path("functions/api/app.py")
SCOPES = "toolcrib/read toolcrib/write toolcrib/admin"


def app() -> Chalice:
    found: Chalice = module().app
    return found


@cache
def module() -> Any:
    """The file itself; the four apps' files have the same name, so it is loaded under one of its own."""
    spec = importlib.util.spec_from_file_location("toolcrib_api_app", APP)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@contextmanager
def tables_at_hand() -> Iterator[Dynamo]:
    """Both tables in this process, strict and quick, and the secrets; calls can be counted and made to fail."""
    dynamo = Dynamo.from_template()
    with patch.dict("os.environ", ENVIRONMENT), mock_aws():
        forget()
        vault = boto3.client("secretsmanager")
        for name, secret in (
            ("master", {"hex": MASTER}),
            ("badge", {"version": "1", "hex": BADGE_KEY}),
            ("answers", {"hex": ANSWERS}),
        ):
            with suppress(vault.exceptions.ResourceExistsException):  # one within another's
                vault.create_secret(Name=name, SecretString=json.dumps(secret))
        with patch.object(Connection, "client", property(lambda _: dynamo)):
            yield dynamo
    forget()


def enter(subject: str, role: str, *, org: str = ORG, person: str | None = None, sites: tuple[str, ...] = ()) -> str:
    """Write down who a token's subject is."""
    connection()
    PrincipalItem(*principal(subject), org=org, role=role, person=person, sites=list(sites) or None).save()
    if person is not None:
        PrincipalOfItem(*principal_of(org, person), subject=subject).save()
    return subject


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


@dataclass
class Client:
    """Asks as one principal. `at` is the gateway's clock, `dynamo` the tables behind the API."""

    subject: str | None = "admin"
    at: datetime = NOW
    scope: str = SCOPES
    claims: dict[str, str] = field(default_factory=dict)
    dynamo: Dynamo = field(default_factory=Dynamo)

    def get(self, path: str, **more: Any) -> Reply:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.ask("POST", path, body, **more)

    def patch(self, path: str, body: Any, etag: str | None = None, **more: Any) -> Reply:
        headers = {**more.pop("headers", {}), **({"If-Match": etag} if etag else {})}
        return self.ask("PATCH", path, body, headers=headers, **more)

    def delete(self, path: str, **more: Any) -> Reply:
        return self.ask("DELETE", path, **more)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
        key: str | None = None,
        resource: str | None = None,
        encoded: bool = False,
        parameters: Mapping[str, str] | None = None,
    ) -> Reply:
        where, _, query = path.partition("?")
        given = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {}), **(headers or {})}
        found, variables = (resource, parameters) if resource else _resource(f"/v1{where}")
        event = {
            "headers": given,
            "pathParameters": variables,
            "stageVariables": None,
            "isBase64Encoded": encoded,
            "multiValueQueryStringParameters": _query(query),
            "body": raw if raw is not None else None if body is None else json.dumps(body),
            "requestContext": {
                "httpMethod": method,
                "resourcePath": found,
                "requestId": str(uuid4()),
                "requestTimeEpoch": int(self.at.timestamp() * 1000),
                **self._authorizer(),
            },
        }
        return _reply(app()(event, None))

    def _authorizer(self) -> dict[str, Any]:
        if self.subject is None:
            return {}
        claims = {"sub": self.subject, "token_use": "access", "scope": self.scope, **self.claims}
        return {"authorizer": {"claims": claims}}


def _reply(answer: dict[str, Any]) -> Reply:
    return Reply(status=answer["statusCode"], headers=answer["headers"], text=answer["body"])


def _query(query: str) -> dict[str, list[str]] | None:
    from urllib.parse import parse_qs

    return parse_qs(query, keep_blank_values=True) or None


def _resource(path: str) -> tuple[str, Mapping[str, str] | None]:
    """Find the gateway's resource for a path, literal segments before parameters."""
    wanted = path.split("/")
    fits = []
    for resource in app().routes:
        parts = resource.split("/")
        if len(parts) == len(wanted) and all(
            part == text or part.startswith("{") for part, text in zip(parts, wanted, strict=True)
        ):
            fits.append(resource)
    resource = min(fits, key=lambda fit: fit.count("{"))
    pairs = zip(resource.split("/"), wanted, strict=True)
    return resource, {part[1:-1]: text for part, text in pairs if part.startswith("{")} or None
