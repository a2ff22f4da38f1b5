"""A bank whose network is gone lends by its roster, and the cloud hears of it when it is back (safety.md, I12)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner
from tests.journeys.front import Front
from tests.support.browser import a_page, chromium

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def front(corner: Corner, browser: Browser) -> Iterator[Front]:
    with a_page(browser, size=(800, 480)) as page:
        front = Front(corner, page)
        yield front
        front.close()


def test_a_take_and_a_return_without_a_network_are_on_record_afterwards(corner: Corner, front: Front) -> None:
    ada, ben = corner.person("ada"), corner.person("ben")
    drill, saw = front.thing("drill", door=1), front.thing("saw", door=2)
    front.taps(ben)
    front.presses("Take Saw")
    front.takes(2, saw, ben)
    front.sees("thanks")
    eventually(lambda: corner.asset(saw)["state"] == "on_loan")
    front.leaves()
    front.knows_its_roster()

    front.goes_alone()
    front.lends(1, drill, ada)
    front.leaves()
    front.taps(ben)
    front.puts(2, saw, ben)
    front.sees("thanks")
    assert (corner.asset(drill)["state"], corner.asset(saw)["state"]) == ("stowed", "on_loan")

    front.network(on=True)
    assert eventually(lambda: corner.asset(drill)["state"] == "on_loan")
    assert eventually(lambda: corner.asset(saw)["state"] == "stowed")
    assert corner.asset(drill)["custodian"]["id"] == ada.id
    assert corner.web.get("/cases", site=corner.site)["items"] == []


def test_who_lost_their_badge_stops_at_the_next_contact(corner: Corner, front: Front) -> None:
    ada, ben, drill = corner.person("ada"), corner.person("ben"), front.thing("drill", door=1)
    front.knows_its_roster()
    front.network(on=False)
    corner.web.delete(f"/people/{ada.id}/badges/{ada.badge}")
    corner.issues_rosters()
    before = front.state()["roster"]
    front.network(on=True)
    eventually(lambda: front.state()["roster"] != before)

    front.goes_alone()
    front.taps(ada)
    front.sees("refused")
    assert front.state()["doors"]["1"] == "closed"
    front.leaves()
    front.lends(1, drill, ben)

    front.network(on=True)
    assert eventually(lambda: corner.asset(drill)["state"] == "on_loan")
    assert corner.asset(drill)["custodian"]["id"] == ben.id


def test_what_was_lent_alone_and_elsewhere_is_one_case_with_both_claims(corner: Corner, front: Front) -> None:
    ada, bea = corner.person("ada"), corner.person("bea")
    laptop, other = front.thing("laptop", door=1), corner.bank("door_only", "express")
    front.knows_its_roster()
    front.goes_alone()
    front.lends(1, laptop, ada)
    corner.web.post(f"/assets/{laptop.id}/move", {"move": "unstow", "reason": "Moved to the other bank"}, status=200)
    corner.web.post(f"/assets/{laptop.id}/stow", {"bank": other.bank, "door": 1}, status=200)
    lent = other.opens(bea.token)
    assert other.closes(lent) == "taken"

    front.network(on=True)

    case = corner.case("offline_conflict")
    bank, _, record = case["detail"].partition("; ")
    assert (bank.startswith("bank: take, roster "), record) == (True, f"record: on_loan, person {bea.id}")
    assert (case["asset"], case["person"], case["loan"]) == (laptop.id, ada.id, lent["jti"])
    asset = corner.asset(laptop)
    assert (asset["state"], asset["custodian"]["id"]) == ("unconfirmed", bea.id)
    assert corner.moves(laptop)[-2:] == ["taken", "seen"]
    assert corner.loan(lent["jti"])["state"] == "open"
    assert corner.web.get(f"/people/{ada.id}/loans")["items"] == []


def test_what_was_claimed_twice_is_one_case_with_both_claims(corner: Corner, front: Front) -> None:
    ada, drill = corner.person("ada"), front.thing("drill", door=1)
    front.knows_its_roster()
    front.goes_alone()
    front.lends(1, drill, ada)
    corner.web.post(f"/assets/{drill.id}/move", {"move": "send_to_repair", "reason": "Its chuck is worn"}, status=200)

    front.network(on=True)

    case = corner.case("offline_conflict")
    assert (case["asset"], case["person"]) == (drill.id, ada.id)
    assert case["detail"].startswith("bank: take, roster ")
    assert case["detail"].endswith(f"record: in_repair, door {front.bank} door 1")
    asset = corner.asset(drill)
    assert (asset["state"], asset["custodian"]["id"]) == ("unconfirmed", ada.id)
    assert corner.moves(drill)[-2:] == ["send_to_repair", "taken"]
