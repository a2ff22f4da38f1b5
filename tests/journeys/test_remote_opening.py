"""A supervisor opens a door from afar, with a reason; never while somebody is at it."""

import pytest

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey


def test_a_door_is_opened_from_afar_with_a_reason(corner: Corner) -> None:
    bank = corner.bank("tags", "express")
    laptop = corner.thing("laptop", bank, door=2)

    given = corner.web.post(f"/banks/{bank.bank}/doors/2/open", {"reason": "Its screen is to be looked at"}, status=202)
    assert given["state"] == "issued"
    kind, said = bank.wait(("open",))
    claims = bank.command(kind, said)
    assert (claims["jti"], claims["door"], claims["purpose"]) == (given["grant"], 2, "service")
    assert said["re"] is None

    bank.reports(2, "opened", claims["jti"])
    assert corner.door(bank, 2)["state"] == "opened"
    bank.reports(2, "closed", claims["jti"], inside=[laptop.tag])
    door = eventually(lambda: (now := corner.door(bank, 2))["state"] == "used" and now)
    assert (door["grant"], door["reason"]) == (given["grant"], "Its screen is to be looked at")
    assert corner.asset(laptop)["state"] == "stowed"


def test_a_door_that_somebody_is_at_is_not_opened_from_afar(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    corner.thing("laptop", bank, door=1)
    taking = bank.opens(ada.token)

    refused = corner.web.post(f"/banks/{bank.bank}/doors/1/open", {"reason": "A mistake"}, status=409)

    assert refused["code"] == "door_busy"
    assert bank.closes(taking, inside=[]) == "taken"
    assert not [heard for heard in bank.heard if heard[0] == "open"]
