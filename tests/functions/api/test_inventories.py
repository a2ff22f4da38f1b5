"""Inventories and proposed repairs over HTTP: what is seen, what one press does, and what it refuses to do."""

from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.http import Client, Reply, enter
from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import bank, drill, put_asset, rules, site
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.states import Move

CLOSED = dict.fromkeys(range(1, 5), "closed")


@pytest.fixture(autouse=True)
def principals(here: World) -> None:
    enter("admin", "admin")
    enter("boss", "supervisor", sites=("hq",))
    enter("stranger", "supervisor", sites=("dock",))


def tells(here: World, of: FakeBank, tags: dict[int, list[str] | None]) -> None:
    here.later(minutes=5)
    of.send(of.status(CLOSED, {1: [], 2: [], 3: [], 4: [], **tags}))


def resolve(here: World, *, key: str = "k", who: str = "boss", **body: Any) -> Reply:
    (case,) = [each for each in here.cases() if each.state == "open"]
    asked = Client(who, at=here.now)
    return asked.post(f"/cases/{case.id}/resolve", {"resolution": "as seen", **body}, key=key)


def found(here: World, name: str = "hq-01") -> dict[tuple[int, str], str]:
    shown = Client("boss", at=here.now).get(f"/banks/{name}/inventory").json
    return {(line["door"], line["asset"] or line["tag"]): line["finding"] for line in shown["lines"]}


# --- what a case proposes, done with one press ---


def test_a_thing_on_loan_that_lies_in_a_door_is_stowed_there_by_a_supervisor(here: World) -> None:
    hq, loan = lend(here)
    tells(here, hq, {3: [TAG]})
    shown = Client("boss").get("/cases").json["items"][0]
    assert shown["repair"] == {"finding": "stray", "move": "stow", "bank": "hq-01", "door": 3}
    done = resolve(here, repair=True)
    assert (done.status, done.json["state"], done.json["effect"]) == (200, "resolved", "stow")
    assert (here.asset().state, here.asset().custodian) == ("stowed", Custodian.at_door("hq-01", 3))
    assert (here.loan(loan).state, here.loan(loan).return_evidence) == ("closed", "tags")
    event = here.events()[-1]
    assert (event.move, event.evidence, event.detail["by"]) == ("stow", "tags", "boss")


def test_a_repeat_of_it_is_told_the_same_and_makes_no_second_event(here: World) -> None:
    hq, _ = lend(here)
    tells(here, hq, {3: [TAG]})
    case = here.cases()[0].id
    answers = [
        Client("boss", at=here.now).post(f"/cases/{case}/resolve", {"resolution": "ok", "repair": True}, key="k")
        for _ in range(2)
    ]
    assert [each.status for each in answers] == [200, 200]
    assert len(here.events()) == 3  # taken, seen, stowed


def test_what_is_not_seen_there_any_more_is_not_done(here: World) -> None:
    hq, loan = lend(here)
    tells(here, hq, {3: [TAG]})
    tells(here, hq, {})
    refused = resolve(here, repair=True)
    assert (refused.status, refused.json["code"]) == (409, "repair_outdated")
    assert here.loan(loan).state == "open"
    assert here.cases()[0].state == "open"


def test_what_was_seen_long_ago_is_not_done_either(here: World) -> None:
    hq, _ = lend(here)
    tells(here, hq, {3: [TAG]})
    here.later(minutes=12)
    assert resolve(here, repair=True).json["code"] == "repair_outdated"


def test_where_two_places_show_it_nothing_is_proposed(here: World) -> None:
    hq, _ = lend(here)
    tells(here, hq, {2: [TAG], 3: [TAG]})
    refused = resolve(here, repair=True)
    assert (refused.status, refused.json["code"]) == (409, "nothing_proposed")


def test_what_nobody_sees_is_given_up_as_missing(here: World) -> None:
    tells(here, stage(here), {})
    assert resolve(here, repair=True).json["effect"] == "declare_missing"
    assert here.asset().state == "missing"
    assert here.events()[-1].evidence == "declared"


def test_what_is_seen_again_is_not_given_up(here: World) -> None:
    hq = stage(here)
    tells(here, hq, {})
    here.later(minutes=5)
    hq.send(hq.status(CLOSED, {1: [], 2: [], 3: [], 4: [TAG]}, journal_depth=1))  # it proves nothing of the record
    refused = resolve(here, repair=True)
    assert (refused.status, refused.json["code"]) == (409, "repair_outdated")
    assert here.asset().state == "unconfirmed"


def test_a_declined_proposal_moves_nothing(here: World) -> None:
    hq, loan = lend(here)
    tells(here, hq, {3: [TAG]})
    assert resolve(here, note="It is another one.").json["effect"] is None
    assert (here.asset().state, here.loan(loan).state) == ("unconfirmed", "open")


def test_a_repair_is_no_place_for_a_move(here: World) -> None:
    hq, _ = lend(here)
    tells(here, hq, {3: [TAG]})
    reply = resolve(here, repair=True, move="found", site="hq")
    assert (reply.status, {each["field"] for each in reply.json["errors"]}) == (400, {"move", "site"})


def test_who_may_not_see_the_case_may_not_repair_it(here: World) -> None:
    hq, _ = lend(here)
    tells(here, hq, {3: [TAG]})
    assert resolve(here, who="stranger", repair=True).status == 404


# --- a bank, door by door ---


def test_a_bank_is_held_against_the_record_door_by_door(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    beside(here, drill(3), number=3)
    put_asset(drill(4))
    beside(here, drill(5, tag=None), number=4)
    here.later(minutes=5)
    tags: dict[int, list[str] | None] = {1: [TAG], 2: [], 3: None, 4: [NOBODYS, "E2000004"]}
    hq.send(hq.status(CLOSED, tags, journal_depth=1))  # reports are out, so that nothing is settled by it
    assert found(here) == {
        (1, "drill-1"): "agrees",
        (2, "drill-2"): "ghost",
        (3, "drill-3"): "unchecked",
        (4, "drill-5"): "unchecked",
        (4, NOBODYS): "unknown_tag",
        (4, "drill-4"): "stray",
    }


def test_two_places_and_the_wrong_door_are_told_apart(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    here.later(minutes=5)
    hq.send(hq.status(CLOSED, {1: [TAG], 2: [], 3: [TAG], 4: [OTHER_TAG]}, journal_depth=1))
    assert found(here) == {(1, "drill-1"): "double_seen", (2, "drill-2"): "wrong_door"}


@pytest.mark.parametrize("minutes", [12, 600])
def test_what_a_bank_said_long_ago_proves_nothing(here: World, minutes: int) -> None:
    hq = stage(here)
    tells(here, hq, {1: [TAG]})
    here.later(minutes=minutes)
    assert found(here) == {(1, "drill-1"): "unchecked"}
    assert not Client("boss", at=here.now).get("/banks/hq-01/inventory").json["fresh"]


def test_while_a_door_is_in_use_nothing_is_said_of_it(here: World) -> None:
    hq = stage(here)
    tells(here, hq, {1: [TAG]})
    hq.tap()
    assert found(here) == {(1, "drill-1"): "unchecked"}


# --- a site, now and at night ---


def test_a_site_without_an_inventory_says_so(here: World) -> None:
    stage(here)
    shown = Client("boss").get("/sites/hq/inventory")
    assert (shown.status, shown.json["began_at"], shown.json["counts"]) == (200, None, {})


def test_an_inventory_on_demand_is_kept_as_the_last_one(here: World) -> None:
    hq = stage(here)
    here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=2)
    here.place(bank(id="hq-03", evidence=Evidence.DOOR_ONLY), doors=2)
    tells(here, hq, {1: [TAG], 2: [NOBODYS]})
    taken = Client("boss", at=here.now).post("/sites/hq/inventory")
    assert (taken.status, taken.json["ended_at"] is not None) == (201, True)
    assert taken.json["counts"] == {"agrees": 1, "unknown_tag": 1}
    assert (taken.json["banks"], taken.json["blind"], taken.json["unheard"]) == (3, 1, ["hq-02"])
    assert [line["finding"] for line in taken.json["lines"]] == ["unknown_tag"]
    assert Client("boss").get("/sites/hq/inventory").json == taken.json


def test_it_is_for_whoever_looks_after_the_site(here: World) -> None:
    rules(site(id="dock"))
    stage(here)
    for path in ("/sites/hq/inventory", "/banks/hq-01/inventory"):
        assert Client("stranger").get(path).status == 404
    assert Client("stranger").post("/sites/hq/inventory").status == 404


def test_what_is_retired_and_turns_up_is_for_a_person(here: World) -> None:
    hq = stage(here)
    put_asset(drill(2), then=(Move.RETIRE,))
    tells(here, hq, {1: [TAG], 2: [OTHER_TAG]})
    assert resolve(here, repair=True).json["code"] == "nothing_proposed"
