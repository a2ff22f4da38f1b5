"""Every route, asked by every role, about what is theirs, what they may not see, what is another org's, and nothing.

safety.md, threats 23 and 24: what one may not see is answered exactly like what is not there.
"""

import pytest

from chalicelib.web.route import Route
from tests.support.http import Client
from tests.support.requests import BODIES, ROUTES, headers, path
from tests.support.workplace import ORG
from toolcrib.domain.principals import Role, Sight

ASKED = sorted(name for name, route in ROUTES.items() if route.row.scope is not None)
OF_ONE = [name for name in ASKED if "{id}" in name]


def ask(role: str, route: Route, which: str, org: str = ORG) -> tuple[int, str]:
    reply = Client(role).ask(route.method, path(route, which, org), BODIES.get(route.name), headers=headers(route))
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
