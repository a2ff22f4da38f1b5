"""What an employee meets: a badge, a screen, a door. The kiosk's page in Chromium, on the real cloud."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner
from tests.journeys.front import Front
from tests.support.browser import a_page, chromium

pytestmark = pytest.mark.journey

SMALL = (800, 480)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def front(corner: Corner, browser: Browser) -> Iterator[Front]:
    with a_page(browser, size=SMALL) as page:
        front = Front(corner, page)
        yield front
        front.close()


def test_something_is_chosen_taken_and_brought_back(corner: Corner, front: Front) -> None:
    ada = corner.person("ada")
    drill, laptop = front.thing("drill", door=1), front.thing("laptop", door=2)

    front.taps(ada)
    front.sees("choice")
    front.presses("Take Laptop")
    front.takes(2, laptop, ada)
    front.sees("thanks")
    assert eventually(lambda: corner.asset(laptop)["state"] == "on_loan")
    front.leaves()

    front.taps(ada)
    front.sees("choice")
    front.presses("Return Laptop")
    front.puts(2, laptop, ada)
    front.sees("thanks")
    assert eventually(lambda: corner.asset(laptop)["state"] == "stowed")
    assert corner.moves(laptop)[-2:] == ["taken", "returned"]
    assert corner.asset(drill)["state"] == "stowed"


def test_one_tap_is_enough_where_one_thing_is_sensible(corner: Corner, front: Front) -> None:
    ada, drill = corner.person("ada"), front.thing("drill", door=3)
    front.lends(3, drill, ada)
    assert eventually(lambda: corner.asset(drill)["state"] == "on_loan")


def test_something_valuable_asks_for_a_pin_and_for_one_of_ones_own(corner: Corner, front: Front) -> None:
    ada, laptop = corner.person("ada"), front.thing("laptop", door=1)
    corner.web.patch(f"/asset-types/{corner.kind('laptop')}", {"second_factor": True})
    corner.web.post(f"/people/{ada.id}/pin", {"pin": "8305"})

    front.taps(ada)
    front.presses("Take Laptop")
    front.sees("pin")
    front.types("4711")
    front.sees("new_pin")
    front.types("7294")
    front.reads("again")
    front.types("7294")
    front.reads("PIN was wrong")
    assert front.state()["doors"]["1"] == "closed"
    front.types("8305")
    front.sees("new_pin")
    front.types("7294")
    front.reads("again")
    front.types("7294")
    front.takes(1, laptop, ada)
    front.sees("thanks")
    eventually(lambda: corner.moves(laptop)[-1] == "taken")
    event = corner.web.get(f"/assets/{laptop.id}/events")["items"][-1]
    assert event["detail"] == {"second_factor": "pin"}


def test_terms_are_declined_then_accepted_and_no_door_opens_before(corner: Corner, front: Front) -> None:
    ada, laptop = corner.person("ada"), front.thing("laptop", door=1)
    text = {"en": "I bring it back charged."}
    corner.web.post(
        "/terms", {"id": corner.site, "title": "Laptops", "asset_types": [corner.kind("laptop")], "texts": text}
    )

    front.taps(ada)
    front.presses("Take Laptop")
    front.sees("terms")
    front.reads("I bring it back charged.")
    front.presses("I do not accept")
    front.sees("refused")
    declined = corner.case("terms_declined")
    assert (declined["person"], corner.moves(laptop)[-1]) == (ada.id, "stow")
    assert front.state()["doors"]["1"] == "closed"
    front.leaves()

    front.taps(ada)
    front.presses("Take Laptop")
    front.sees("terms")
    front.presses("I accept")
    front.takes(1, laptop, ada)
    front.sees("thanks")
    eventually(lambda: corner.moves(laptop)[-1] == "taken")
    event = corner.web.get(f"/assets/{laptop.id}/events")["items"][-1]
    assert event["detail"]["terms"].startswith(f"{corner.site}@1:")


def test_somebody_else_agrees_with_their_badge(corner: Corner, front: Front) -> None:
    corner.policy("drill", loan_period="PT1H", authorisers={"count": 1})
    ada, ben, drill = corner.person("ada"), corner.person("ben"), front.thing("drill", door=1)

    front.taps(ada)
    front.presses("Take Drill")
    front.sees("authoriser")
    front.taps(ben)
    front.takes(1, drill, ada)
    front.sees("thanks")
    assert eventually(lambda: corner.asset(drill)["state"] == "on_loan")
    assert corner.asset(drill)["custodian"]["id"] == ada.id
    event = corner.web.get(f"/assets/{drill.id}/events")["items"][-1]
    assert ben.id in str(event["detail"])


def test_who_may_not_is_told_why_and_what_to_do(corner: Corner, front: Front) -> None:
    drill = front.thing("drill", door=1)
    front.taps(corner.supervisor)  # sees to the site, and belongs to no group that may take
    front.sees("choice", "There is nothing for you here right now")
    front.reads("You may not take Drill here. Ask your supervisor to give you access.")
    assert corner.moves(drill)[-1] == "stow"
    assert front.state()["doors"]["1"] == "closed"


def test_a_fault_is_told_of_with_a_photo(corner: Corner, front: Front) -> None:
    ada, drill = corner.person("ada"), front.thing("drill", door=1)
    front.lends(1, drill, ada)
    front.presses("Something is wrong with it")
    front.presses("What I took out of door 1")
    front.presses("It is damaged")
    picture = BytesIO()
    Image.new("RGB", (2400, 1800), "teal").save(picture, "JPEG")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    front.page.locator("input[type=file]").set_input_files([photo])  # type: ignore[list-item]
    front.page.get_by_role("radio", name="Nobody should use it").check()
    front.presses("Send")

    case = corner.case("fault")
    (kept,) = eventually(lambda: corner.web.get(f"/faults/{case['id']}")["photos"])
    assert (case["person"], case["asset"]) == (ada.id, drill.id)
    assert kept["url"]
