"""Who is asking: tokens, scopes, roles (safety.md, threats 23 and 24; design.md, *HTTP contract*)."""

from dataclasses import replace

import pytest
from chalice.app import CognitoUserPoolAuthorizer

from chalicelib.web.roles import PUBLIC, SCOPES, Row, Scope
from chalicelib.web.routes import Routes
from tests.support.http import Client, app, enter, module
from tests.support.requests import BODIES, ROUTES, headers, path
from toolcrib.domain.principals import Principal, Role, Sight
from toolcrib.store.items import PrincipalItem
from toolcrib.store.keys import principal

ASKED = sorted(name for name, route in ROUTES.items() if route.row.scope is not None)


def test_a_route_without_a_row_cannot_be_registered() -> None:
    routes = Routes("spare", {"GET /spare": PUBLIC})
    with pytest.raises(LookupError, match="POST /spare has no row"):
        routes.on("POST /spare")


def test_every_row_has_its_route() -> None:
    rows = {name for noun in module().NOUNS for name in noun.routes.table}
    assert rows == ROUTES.keys()


def test_only_these_routes_need_no_sign_in() -> None:
    assert {name for name, route in ROUTES.items() if route.row is PUBLIC} == {
        "GET /health",
        "GET /openapi.json",
        "GET /docs",
        "GET /answers/{token}",
        "POST /answers/{token}",
        "GET /unsubscribe/{token}",
        "POST /unsubscribe/{token}",
    }


def test_the_gateway_lets_nobody_in_without_one_of_our_scopes() -> None:
    for route in ROUTES.values():
        entry = app().routes[f"/v1{route.path}"][route.method]
        if route.row.scope is None:
            assert entry.authorizer is None
        else:
            assert isinstance(entry.authorizer, CognitoUserPoolAuthorizer)
            assert entry.authorizer.name == "toolcrib"
            assert entry.authorizer.scopes == ["toolcrib/read", "toolcrib/write", "toolcrib/admin"]


def test_reading_needs_read_and_setting_up_needs_admin() -> None:
    for name, route in ROUTES.items():
        if name.startswith("GET ") and route.row.scope:
            assert route.row.scope is Scope.READ
        if route.method in {"PATCH", "DELETE"}:
            assert route.row.scope in {Scope.WRITE, Scope.ADMIN}


def test_nobody_may_only_look_and_yet_change_something() -> None:
    for route in ROUTES.values():
        if route.row.scope in {Scope.WRITE, Scope.ADMIN}:
            assert Role.AUDITOR not in route.row.roles, route.name


def test_a_person_changes_nothing_but_what_is_their_own() -> None:
    for route in ROUTES.values():
        if route.method != "GET":
            assert route.row.roles.get(Role.SELF, Sight.OWN) is Sight.OWN, route.name
            assert Role.SELF not in route.row.roles or route.row.scope is not Scope.ADMIN, route.name


def test_every_role_that_may_ask_can_have_the_scope() -> None:
    for route in ROUTES.values():
        for role in route.row.roles.keys() - {Role.MACHINE}:
            assert route.row.scope in SCOPES[role], route.name


@pytest.mark.parametrize("name", ASKED)
def test_no_route_answers_without_a_token(filled: None, name: str) -> None:
    route = ROUTES[name]
    reply = Client(None).ask(route.method, path(route), BODIES.get(name), headers=headers(route))
    assert (reply.status, reply.json["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("name", ASKED)
def test_no_route_answers_without_its_scope(filled: None, name: str) -> None:
    route = ROUTES[name]
    others = " ".join(str(scope) for scope in Scope if scope != route.row.scope)
    for scope in (others, "", "toolcrib", f"{route.row.scope}ish"):
        reply = Client(scope=scope).ask(route.method, path(route), BODIES.get(name), headers=headers(route))
        assert (reply.status, reply.json["code"]) == (403, "insufficient_scope")


def test_an_id_token_is_no_access_token(filled: None) -> None:
    assert Client(claims={"token_use": "id"}).get("/people").status == 401


def test_a_stranger_with_a_token_is_nobody_here(filled: None) -> None:
    reply = Client("who").get("/people")
    assert (reply.status, reply.json["code"]) == (403, "unknown_principal")


def test_a_machine_is_known_by_its_client_id(filled: None) -> None:
    assert Client("", claims={"client_id": "machine"}).get("/people").status == 200


def test_a_change_of_role_acts_at_once(admin: Client) -> None:
    assert admin.post("/people", {"name": "Ann"}).status == 201
    enter("admin", "auditor")
    assert admin.post("/people", {"name": "Bob"}).status == 403
    PrincipalItem(*principal("admin")).delete()
    assert admin.get("/people").status == 403


def test_a_role_that_there_is_not_is_no_role(admin: Client) -> None:
    enter("admin", "emperor")
    assert admin.get("/people").status == 403


def test_the_org_comes_from_the_principal_alone(filled: None) -> None:
    stranger = Client("stranger")
    assert stranger.get("/people/hq-globex").status == 200
    assert stranger.get("/people/hq").status == 404
    assert replace(stranger, claims={"org": "acme", "custom:org": "acme"}).get("/people/hq").status == 404


def test_a_supervisor_without_sites_sees_nothing(filled: None) -> None:
    enter("new", "supervisor")
    for noun in ("people", "loans", "cases", "notices", "banks", "assets"):
        assert Client("new").get(f"/{noun}").json["items"] == []


def test_a_supervisor_sees_their_sites_and_a_person_themself(filled: None) -> None:
    for noun in ("people", "loans", "cases", "notices", "banks", "assets"):
        assert [item["id"] for item in Client("supervisor").get(f"/{noun}").json["items"]] == ["hq"]
        assert len(Client("auditor").get(f"/{noun}").json["items"]) == 2
    for noun in ("people", "loans"):
        assert [item["id"] for item in Client("self").get(f"/{noun}").json["items"]] == ["hq"]


def test_rows_and_principals_are_what_they_say() -> None:
    assert Row(Scope.READ).roles == {}
    assert Principal(subject="s", org="o", role=Role.SELF).sites == ()
