"""Every route, asked by every role, about what is theirs, what they may not see, what is another org's, and nothing.

safety.md, threats 23 and 24: what one may not see is answered exactly like what is not there.
"""

from typing import Any

import pytest
from chalicelib.web.route import Route
from chalicelib.web.routes import routes_of

from tests.support import orgs
from tests.support.certificates import csr
from tests.support.http import Client, app
from tests.support.workplace import ORG
from toolcrib.domain.principals import Role, Sight

ROUTES = {route.name: route for route in routes_of(app())}
ASKED = sorted(name for name, route in ROUTES.items() if route.row.scope is not None)
OF_ONE = [name for name in ASKED if "{id}" in name]

RULES = {"groups": "crew", "asset-types": "drill", "sites": "hq", "policies": "fallback"}
BODIES: dict[str, dict[str, Any]] = {
    "POST /people": {"name": "New"},
    "PATCH /people/{id}": {"language": "de"},
    "POST /people/{id}/badges": {"number": "0A1B2C"},
    "PATCH /people/{id}/badges/{badge}": {"state": "revoked"},
    "POST /groups": {"name": "New"},
    "PATCH /groups/{id}": {"name": "Crew"},
    "POST /asset-types": {"name": "New", "category": "tools"},
    "PATCH /asset-types/{id}": {"owner": None},
    "POST /sites": {"name": "New", "time_zone": "UTC"},
    "PATCH /sites/{id}": {"channel": "#late"},
    "POST /policies": {"loan_period": "PT1H", "match": {"category": "new"}},
    "PATCH /policies/{id}": {"grace": "PT5M"},
    "POST /policies/dry-run": {"person": "hq", "bank": "hq", "type": "drill"},
    "POST /cases/{id}/resolve": {"resolution": "found"},
    "POST /assets": {"type": "drill", "name": "New", "site": "hq"},
    "PATCH /assets/{id}": {"serial": "SN-1"},
    "POST /assets/{id}/stow": {"bank": "hq", "door": 1},
    "POST /assets/{id}/move": {"move": "send_to_repair", "reason": "broken"},
    "POST /banks": {"site": "hq", "doors": 1, "evidence": "tags", "mode": "kiosk"},
    "PATCH /banks/{id}": {"name": "Hall"},
    "POST /banks/{id}/doors/{door}/open": {"reason": "stuck"},
    "POST /banks/{id}/doors/{door}/inspect": {"contents": []},
    "POST /banks/{id}/enrolment": {"csr": csr()},
}


def path(route: Route, which: str, org: str = ORG) -> str:
    """Return the path of a route for the thing of this name, in the org its badge would be in."""
    rule = next((name for noun, name in RULES.items() if route.path.startswith(f"/{noun}/")), None)
    tag = which.removeprefix("hq").removeprefix("dock") if rule else ""
    thing = f"{rule}{tag}" if rule and not which.startswith("missing") else which
    return (
        route.path.replace("{id}", thing).replace("{badge}", orgs.badge_id(org, which)).replace("{door}", "1")
    )


def ask(role: str, route: Route, which: str, org: str = ORG) -> tuple[int, str]:
    headers = {"If-Match": "*"} if route.patch is not None else {}
    reply = Client(role).ask(route.method, path(route, which, org), BODIES.get(route.name), headers=headers)
    return reply.status, reply.text


@pytest.mark.parametrize("name", ASKED)
def test_every_route_with_a_body_is_in_this_matrix(name: str) -> None:
    route = ROUTES[name]
    assert (route.body is not None or route.patch is not None) == (name in BODIES)


@pytest.mark.parametrize("name", ASKED)
def test_a_role_without_a_row_is_refused_before_anything_is_looked_up(filled: None, name: str) -> None:
    route = ROUTES[name]
    for role in set(Role) - route.row.roles.keys():
        answers = {ask(str(role), route, which) for which in ("hq", "missing")}
        assert len(answers) == 1, role
        status, text = answers.pop()
        assert (status, '"code":"not_allowed"' in text) == (403, True), role


@pytest.mark.parametrize("name", OF_ONE)
def test_another_orgs_thing_is_answered_exactly_like_a_missing_one(filled: None, name: str) -> None:
    route = ROUTES[name]
    for role in route.row.roles:
        missing = ask(str(role), route, "missing")
        assert missing[0] == 404, role
        assert ask(str(role), route, "hq-globex", "globex") == missing, role


@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_not_theirs_is_answered_exactly_like_a_missing_one(filled: None, name: str) -> None:
    route = ROUTES[name]
    for role, sight in route.row.roles.items():
        if sight is not Sight.ORG:
            assert ask(str(role), route, "dock") == ask(str(role), route, "missing"), role


@pytest.mark.parametrize("name", ASKED)
def test_what_is_theirs_is_not_refused_for_their_role(filled: None, name: str) -> None:
    route = ROUTES[name]
    for role in route.row.roles:
        status, text = ask(str(role), route, "hq")
        assert status not in {401, 403, 404}, (role, text)
        assert status < 500, (role, text)
