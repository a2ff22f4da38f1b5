"""Scenes of takes in spite of a rule: given beforehand, and withdrawn."""

from typing import Any

from tests.proof.faults.asks import Ask
from tests.proof.faults.stage import Stage
from tests.support.http import Client, enter
from tests.support.outcomes import stage
from tests.support.workplace import person
from toolcrib.domain.overrides import PERMISSIONS

PATH = "/people/p-1/overrides"
ALL_HANDS = {"code": "allowance_reached", "reason": "all hands"}


def let_take_one_of_a_type(at: Stage) -> Ask:
    return _giving(at, asset_type="drill", site="hq")


def let_take_one_thing(at: Stage) -> Ask:
    return _giving(at, asset="drill-1", bank="hq-01")


def let_take_what_is_not_there(at: Stage) -> Ask:
    return _giving(at, asset="drill-99", bank="hq-99")


def withdraw(at: Stage) -> Ask:
    given = _giving(at, asset_type="drill", site="hq")
    reply = Client(given.subject, at=at.here.now).post(PATH, given.body)
    assert reply.status == 201, reply.text
    at.here.later(minutes=1)
    return Ask("DELETE", f"{PATH}/{reply.json['id']}", subject=given.subject)


OVER_HTTP = (let_take_one_of_a_type, let_take_one_thing, let_take_what_is_not_there, withdraw)


def _giving(at: Stage, **what: Any) -> Ask:
    stage(at.here)
    at.here.meet(person(2, permissions=PERMISSIONS))
    enter("tom", "supervisor", person="p-2", sites=("hq",))
    return Ask("POST", PATH, {**ALL_HANDS, **what}, subject="tom")
