"""What people and doors do that they should not: it is on record as it happened, and somebody is told."""

import time
from datetime import datetime, timedelta

import pytest

from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey

DEADLINE = timedelta(minutes=11)  # a grant without a report is given up after ten


def test_when_another_thing_is_taken_that_is_what_the_record_says(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express", capacity=2), corner.person("ada")
    two = [corner.thing("laptop", bank, door=1), corner.thing("laptop", bank, door=1)]

    taking = bank.opens(ada.token)
    offered, other = sorted(two, key=lambda thing: thing.id != corner.loan(taking["jti"])["asset"])
    assert bank.closes(taking, inside=[offered.tag]) == "wrong_item"

    assert corner.loan(taking["jti"])["state"] == "void"
    assert corner.asset(offered)["state"] == "stowed"
    gone = corner.asset(other)
    assert (gone["state"], gone["custodian"]["id"]) == ("unconfirmed", ada.id)
    case = corner.case("wrong_item")
    assert (case["asset"], case["person"]) == (other.id, ada.id)


def test_a_door_that_is_forced_is_a_case_and_its_supervisor_is_told_at_once(corner: Corner) -> None:
    bank = corner.bank("tags", "express")
    laptop = corner.thing("laptop", bank, door=3)

    bank.reports(3, "forced", None)

    asset = corner.asset(laptop)
    assert (asset["state"], asset["custodian"]["door"]) == ("unconfirmed", 3)
    assert corner.door(bank, 3)["unlendable"] == "forced"
    case = corner.case("forced")
    assert (case["bank"], case["door"], case["state"]) == (bank.bank, 3, "open")
    assert corner.told("slack", to=corner.supervisor.slack, step="forced")
    assert corner.told("slack", to=corner.channel, step="forced")
    assert corner.told("email", to=corner.supervisor.mail, step="forced")
    notices = corner.web.get("/notices", case=case["id"])["items"]
    assert notices
    assert all(each["urgent"] for each in notices)


def test_a_command_that_was_never_used_lapses_and_the_thing_is_lent_to_the_next(corner: Corner) -> None:
    bank, ada, bea = corner.bank("tags", "express"), corner.person("ada"), corner.person("bea")
    laptop = corner.thing("laptop", bank, door=1)

    unused = bank.opens(ada.token)
    time.sleep(max(0.0, unused["exp"] + 2 - time.time()))  # nothing but time makes a command run out
    taking = bank.opens(bea.token)

    assert taking["jti"] != unused["jti"]
    assert corner.loan(unused["jti"])["state"] == "void"
    assert bank.closes(taking, inside=[]) == "taken"
    assert corner.asset(laptop)["custodian"]["id"] == bea.id
    assert corner.moves(laptop) == ["create", "stow", "taken"]


def test_a_door_that_is_never_heard_of_again_leaves_its_thing_unconfirmed_until_it_is(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)

    taking = bank.opens(ada.token)
    bank.reports(1, "opened", taking["jti"])
    begun = datetime.fromtimestamp(taking["iat"]).astimezone()
    corner.sweep((begun + DEADLINE).isoformat())

    case = corner.case("unresolved")
    assert (case["asset"], case["person"], case["state"]) == (laptop.id, ada.id, "open")
    asset = corner.asset(laptop)
    assert (asset["state"], asset["custodian"]["id"]) == ("unconfirmed", ada.id)
    assert corner.loan(taking["jti"])["state"] == "pending"

    bank.reports(1, "closed", taking["jti"], inside=[])
    assert corner.loan(taking["jti"])["state"] == "open"
    assert corner.asset(laptop)["state"] == "on_loan"
    assert corner.case("unresolved")["state"] == "resolved"
