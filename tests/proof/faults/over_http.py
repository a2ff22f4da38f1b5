"""Scenes at the HTTP API: every route once, and what moves custody on a record that makes sense as a whole."""

from collections.abc import Callable
from dataclasses import replace as copied

from chalicelib.web.route import Route
from tests.proof.faults.asks import Ask, AskForSecrets
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.certificates import csr
from tests.support.http import Client, enter
from tests.support.outcomes import lend, stage
from tests.support.requests import BODIES, ROUTES, headers, path
from tests.support.workplace import bank, drill, put_asset
from toolcrib.domain.doors import BankState

SETTINGS = {
    "IOT_POLICY": "banks",
    "IOT_MQTT_HOST": "mqtt.example",
    "LOCAL_STACK": "",
    "PROVISIONING_TEMPLATE": "acme-bank",
    "TOOLCRIB_ORG": "acme",
}
OWN = {  # routes with scenes of their own below
    "POST /banks/{id}/enrolment",
    "DELETE /banks/{id}/enrolment",
    "POST /banks/{id}/enrolment/claims",  # boards.py
    "DELETE /banks/{id}/enrolment/claims",
    "POST /faults/{id}/photos",
}


def asking(route: Route) -> Callable[[Stage], Ask]:
    """Return the scene in which an admin asks for a route, about the things of tests/support/orgs.py."""

    def scene(_: Stage) -> Ask:
        enter("admin", "admin")
        return Ask(route.method, path(route), BODIES.get(route.name), headers(route))

    return scene


def stow(at: Stage) -> Ask:
    _entered(at)
    put_asset(drill(2))
    return Ask("POST", "/assets/drill-2/stow", {"bank": "hq-01", "door": 2})


def stow_what_is_on_loan(at: Stage) -> Ask:
    lend(at.here)
    enter("admin", "admin")
    return Ask("POST", "/assets/drill-1/stow", {"bank": "hq-01", "door": 2})


def enter_with_a_tag(at: Stage) -> Ask:
    _entered(at)
    return Ask("POST", "/assets", {"type": "drill", "name": "New", "site": "hq", "tag": "NEW"})


def tag_anew(at: Stage) -> Ask:
    _entered(at)
    return Ask("PATCH", "/assets/drill-1", {"tag": "NEW"}, {"If-Match": "*"})


def move(at: Stage) -> Ask:
    _entered(at)
    return Ask("POST", "/assets/drill-1/move", {"move": "send_to_repair", "reason": "smokes"})


def move_into_a_store_room(at: Stage) -> Ask:
    _entered(at)
    return Ask("POST", "/assets/drill-1/move", {"move": "unstow", "reason": "spare", "site": "hq"})


def found_after_all(at: Stage) -> Ask:
    hq = _entered(at)
    hq.tap()
    at.here.later(minutes=11)
    at.here.sweep()
    return Ask("POST", "/assets/drill-1/move", {"move": "found", "reason": "on the bench"})


def open_from_afar(at: Stage) -> Ask:
    _entered(at)
    return Ask("POST", "/banks/hq-01/doors/2/open", {"reason": "cleaning"})


def open_over_a_grant(at: Stage) -> Ask:
    _entered(at).tap()
    at.here.later(seconds=70)
    return Ask("POST", "/banks/hq-01/doors/1/open", {"reason": "stuck"})


def inspect(at: Stage) -> Ask:
    hq = _entered(at)
    hq.send(hq.report("fault", severity="critical", door=1))
    return Ask("POST", "/banks/hq-01/doors/1/inspect", {"contents": ["drill-1"]})


def enrol(at: Stage) -> Ask:
    at.ignored = frozenset({"generation", "revision"})  # whoever asks again begins a further one
    at.here.place(bank(state=BankState.PLANNED, generation=0))
    enter("admin", "admin")
    return AskForSecrets("POST", "/banks/hq-01/enrolment", {"csr": csr()})


def add_a_photo(_: Stage) -> Ask:
    enter("admin", "admin")
    return AskForSecrets("POST", "/faults/hq/photos", {})


def enrol_without_a_key(at: Stage) -> Ask:
    return copied(enrol(at), keyless=True)


def enrol_anew(at: Stage) -> Ask:
    again = enrol(at)
    assert Client("admin", at=at.here.now).post("/banks/hq-01/enrolment", {"csr": csr()}).status == 201
    hq = at.here.bank("hq-01")
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.here.later(minutes=1)
    return again


def revoke(at: Stage) -> Ask:
    _entered(at).tap()
    return Ask("DELETE", "/banks/hq-01/enrolment")


CUSTODY = (
    stow,
    stow_what_is_on_loan,
    enter_with_a_tag,
    tag_anew,
    move,
    move_into_a_store_room,
    found_after_all,
    open_from_afar,
    open_over_a_grant,
    inspect,
    revoke,
)


def dry_run_of_an_asset(_: Stage) -> Ask:
    enter("admin", "admin")
    return Ask("POST", "/policies/dry-run", {"person": "hq", "bank": "hq", "asset": "hq"})


def first_page(_: Stage) -> Ask:
    enter("admin", "admin")
    return Ask("GET", "/people?limit=1")


def next_page(at: Stage) -> Ask:
    first = first_page(at)
    cursor = Client("admin", at=at.here.now).get(first.path).json["next_cursor"]
    return Ask("GET", f"{first.path}&cursor={cursor}")


def change_what_was_read(at: Stage) -> Ask:
    enter("admin", "admin")
    tag = Client("admin", at=at.here.now).get("/sites/hq").etag
    return Ask("PATCH", "/sites/hq", {"channel": "#late"}, {"If-Match": tag})


def a_policy_as_it_was(at: Stage) -> Ask:
    enter("admin", "admin")
    assert Client("admin", at=at.here.now).patch("/policies/fallback", {"name": "New"}, "*").status == 200
    return Ask("GET", "/policies/fallback?revision=1")


def how_the_alerting_is(_: Stage) -> Ask:
    return Ask("GET", "/health")


def dry_run_of_a_roster(_: Stage) -> Ask:
    enter("admin", "admin")
    return Ask("POST", "/imports", BODIES["POST /imports"] | {"dry_run": True})


OTHERS = (
    add_a_photo,
    dry_run_of_an_asset,
    first_page,
    next_page,
    change_what_was_read,
    a_policy_as_it_was,
    how_the_alerting_is,
    dry_run_of_a_roster,
)
ROUTE_SCENES = {name: asking(route) for name, route in ROUTES.items() if name not in OWN and route.row.scope}


def _entered(at: Stage) -> FakeBank:
    enter("admin", "admin")
    return stage(at.here)
