"""Something valuable is not taken with a badge alone (A2; safety.md, threat 1)."""

import pytest

from tests.journeys.corner import Corner
from tests.journeys.screens import enter

pytestmark = pytest.mark.journey


def test_a_pin_is_asked_for_changed_and_on_the_event_of_the_take(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "kiosk"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)
    corner.web.patch(f"/asset-types/{corner.kind('laptop')}", {"second_factor": True})
    question = {"person": ada.id, "bank": bank.bank, "type": corner.kind("laptop")}

    (refusal,) = bank.offers(ada.token)["refusals"]
    ruling = corner.web.post("/policies/dry-run", question, status=200)
    assert refusal["code"] == ruling["code"] == "pin_required"

    corner.web.post(f"/people/{ada.id}/pin", {"pin": "8305"})
    assert [each["needs"] for each in bank.offers(ada.token)["options"]] == [["pin", "new_pin"]]
    assert enter(corner, bank, ada.token, "8305")[1]["code"] == "pin_change_required"
    assert enter(corner, bank, ada.token, "4711", "7294")[1]["code"] == "pin_wrong"
    taking = bank.command(*enter(corner, bank, ada.token, "8305", "7294"))
    assert bank.closes(taking, inside=[]) == "taken"

    event = corner.web.get(f"/assets/{laptop.id}/events")["items"][-1]
    assert (event["move"], event["detail"]) == ("taken", {"second_factor": "pin"})
    assert corner.web.get(f"/people/{ada.id}/pin")["must_change"] is False
