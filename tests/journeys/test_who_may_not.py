"""Who is refused, and in whose words: at the bank and in the API alike."""

import json

import pytest

from tests.journeys.corner import Corner
from tests.support.wire import Certificate, RefusedError, wire

pytestmark = pytest.mark.journey


def test_who_has_as_many_as_allowed_is_told_so_by_the_kiosk_and_by_the_dry_run(corner: Corner) -> None:
    corner.policy("laptop", loan_period="PT8H", allowance={"type": 1})
    bank, ada = corner.bank("tags", "kiosk"), corner.person("ada")
    corner.thing("laptop", bank, door=1)
    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    corner.thing("laptop", bank, door=2)
    corner.thing("drill", bank, door=3)

    session = bank.offers(ada.token)
    assert [each["kind"] for each in session["options"]] == ["return", "take", "handover"]
    assert [each["door"] for each in session["options"] if each["kind"] == "take"] == [3]
    (refusal,) = session["refusals"]
    assert refusal["code"] == "allowance_reached"
    assert "Laptop" in refusal["title"]

    question = {"person": ada.id, "bank": bank.bank, "type": corner.kind("laptop")}
    ruling = corner.web.post("/policies/dry-run", question, status=200)
    assert (ruling["allowed"], ruling["code"]) == (False, "allowance_reached")
    assert ruling["text"] == refusal["text"]


def test_a_badge_that_is_revoked_opens_nothing_from_then_on(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)

    corner.web.delete(f"/people/{ada.id}/badges/{ada.badge}")

    assert bank.sorry(ada.token) == "badge_revoked"
    assert corner.door(bank, 1)["grant"] is None
    assert corner.asset(laptop)["state"] == "stowed"


def test_a_bank_cannot_tap_in_the_name_of_another(corner: Corner) -> None:
    neighbour, bank, ada = corner.bank("tags", "express"), corner.bank("tags", "express"), corner.person("ada")
    corner.thing("laptop", neighbour, door=1)
    bank.close()
    mine = Certificate(cert=bank.known["cert"], key=bank.known["key"])
    tap = json.dumps(neighbour.upload(journal_depth=0, badges=[ada.token])).encode()

    with wire(corner.stack, bank.thing, mine) as line, pytest.raises(RefusedError):
        line.publish(f"toolcrib/v1/{neighbour.thing}/up/tap", tap)
    with pytest.raises(RefusedError), wire(corner.stack, neighbour.thing, mine):
        pass

    assert corner.door(neighbour, 1)["grant"] is None
    assert neighbour.opens(ada.token)["door"] == 1
    assert not neighbour.heard
