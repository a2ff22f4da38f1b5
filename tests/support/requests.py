"""A sound body for every route that takes one, about the things of tests/support/orgs.py."""

from typing import Any

from chalicelib.web.route import Route
from chalicelib.web.routes import routes_of
from tests.support import orgs
from tests.support.certificates import csr
from tests.support.http import app
from tests.support.workplace import ORG
from toolcrib.domain.agreements import digest

ROUTES = {route.name: route for route in routes_of(app())}

BODIES: dict[str, dict[str, Any]] = {
    "POST /people": {"name": "New"},
    "PATCH /people/{id}": {"language": "de"},
    "POST /people/{id}/badges": {"number": "0A1B2C"},
    "PATCH /people/{id}/badges/{badge}": {"state": "revoked"},
    "POST /people/{id}/blocks": {"reason": "lent it on"},
    "POST /people/{id}/pin": {"pin": "8305"},
    "POST /people/{id}/overrides": {"code": "no_access", "asset_type": "drill", "site": "hq", "reason": "all hands"},
    "POST /groups": {"name": "New"},
    "PATCH /groups/{id}": {"name": "Crew"},
    "POST /pairs": {"kind": "exclusive", "categories": ["tools", "it"]},
    "PATCH /pairs/{id}": {"name": "Together"},
    "POST /kits": {"name": "Set", "parts": ["hq", "dock"], "active": False},
    "PATCH /kits/{id}": {"name": "Drone set"},
    "POST /asset-types": {"name": "New", "category": "tools"},
    "PATCH /asset-types/{id}": {"owner": None},
    "POST /sites": {"name": "New", "time_zone": "UTC"},
    "PATCH /sites/{id}": {"channel": "#late"},
    "POST /policies": {"loan_period": "PT1H", "match": {"category": "new"}},
    "PATCH /policies/{id}": {"grace": "PT5M"},
    "POST /imports": {"site": "hq", "csv": "person,starts,ends\nhq,2026-11-23T06:00,2026-11-23T14:00\n"},
    "POST /policies/dry-run": {"person": "hq", "bank": "hq", "type": "drill"},
    "PATCH /cases/{id}": {"owner": None},
    "POST /cases/{id}/notes": {"note": "Looked behind it."},
    "POST /faults/{id}/photos": {"content_type": "image/png"},
    "POST /terms": {"title": "New", "categories": ["tools"], "texts": {"en": "Mind the blade."}},
    "PATCH /terms/{id}": {"texts": {"de": "Sauber zurückbringen."}},
    "POST /people/{id}/acceptances": {"terms": "house", "sha256": digest(orgs.HOUSE)},
    "POST /authorisations": {"type": "drill", "bank": "hq"},
    "POST /authorisations/{id}/approve": {},
    "POST /authorisations/{id}/refuse": {"reason": "not today"},
    "POST /cases/{id}/resolve": {"resolution": "found"},
    "POST /notices/{id}/reactions": {"reaction": "acknowledge"},
    "POST /loans/{id}/claim-returned": {},
    "POST /loans/{id}/dispute": {"note": "That was not me."},
    "POST /loans/{id}/hand-over": {"to": "dock"},
    "POST /loans/{id}/hand-over/accept": {},
    "POST /loans/{id}/recall": {"reason": "needed"},
    "POST /assets": {"type": "drill", "name": "New", "site": "hq"},
    "PATCH /assets/{id}": {"serial": "SN-1"},
    "POST /assets/{id}/stow": {"bank": "hq", "door": 1},
    "POST /assets/{id}/move": {"move": "send_to_repair", "reason": "broken"},
    "POST /banks": {"site": "hq", "doors": 1, "evidence": "tags", "mode": "kiosk"},
    "PATCH /banks/{id}": {"name": "Hall"},
    "POST /banks/{id}/doors/{door}/open": {"reason": "stuck"},
    "POST /banks/{id}/doors/{door}/inspect": {"contents": []},
    "POST /banks/{id}/enrolment": {"csr": csr()},
    "POST /banks/{id}/enrolment/claims": {"valid_for": "PT1H"},
}

_RULES = {
    "groups": "crew",
    "asset-types": "drill",
    "sites": "hq",
    "policies": "fallback",
    "terms": "house",
    "pairs": "pair",
    "kits": "kit",
}


def path(route: Route, which: str = "hq", org: str = ORG) -> str:
    """Return a route's path to the thing of this name, in the org that its badge would be in."""
    rule = next((name for noun, name in _RULES.items() if route.path.startswith(f"/{noun}/")), None)
    rule = None if route.path.endswith("/inventory") else rule  # what is at a site is seen site by site
    tag = which.removeprefix("hq").removeprefix("dock")
    thing = f"{rule}{tag}" if rule and not which.startswith("missing") else which
    return (
        route.path.replace("{id}", thing)
        .replace("{badge}", orgs.badge_id(org, which))
        .replace("{door}", "1")
        .replace("{version}", "1")
        .replace("{block}", "b")
        .replace("{override}", "o")
    )


def headers(route: Route) -> dict[str, str]:
    """Return the headers a route cannot do without."""
    return {"If-Match": "*"} if route.patch is not None else {}
