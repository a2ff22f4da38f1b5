"""A kit of three out of one door: its charger is left behind, and what was taken comes back."""

import pytest

from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey


def test_a_kit_is_taken_without_its_charger_and_what_was_taken_comes_back(corner: Corner) -> None:
    bank, ada, bea = corner.bank("tags", "express", capacity=3), corner.person("ada"), corner.person("bea")
    body, charger, case = (corner.thing(kind, bank, door=1) for kind in ("body", "charger", "case"))
    kit = {"id": f"{corner.site}.kit", "name": "Drone kit", "parts": [body.id, charger.id, case.id]}
    corner.web.post("/kits", kit)

    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[charger.tag]) == "kit_partly_taken"
    first = corner.loan(taking["jti"])
    loans = {part["asset"]: part["loan"] for part in first["kit"]["parts"]}
    assert [corner.loan(loans[each.id])["state"] for each in (body, charger, case)] == ["open", "void", "open"]
    assert corner.asset(charger)["custodian"]["door"] == 1
    assert bank.sorry(bea.token) == "kit_incomplete"

    returning = bank.opens(ada.token)
    left = [charger.tag] if returning["door"] == taking["door"] else []
    assert bank.closes(returning, inside=[*left, body.tag, case.tag]) == "returned"
    assert [corner.loan(loans[each.id])["state"] for each in (body, charger, case)] == ["closed", "void", "closed"]
    assert corner.moves(body) == ["create", "stow", "taken", "returned"]
    assert corner.moves(charger) == ["create", "stow", "not_taken"]
    assert corner.asset(case)["custodian"]["door"] == returning["door"]


def test_a_kit_that_comes_back_in_parts(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express", capacity=3), corner.person("ada")
    things = [corner.thing(kind, bank, door=1) for kind in ("body", "charger", "case")]
    corner.web.post("/kits", {"id": f"{corner.site}.kit", "name": "Drone kit", "parts": [each.id for each in things]})
    body, charger, case = things

    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    returning = bank.opens(ada.token)
    assert bank.closes(returning, inside=[body.tag, charger.tag]) == "kit_partly_returned"
    assert corner.asset(case)["custodian"]["id"] == ada.id

    last = bank.opens(ada.token)
    inside = [body.tag, charger.tag] if last["door"] == returning["door"] else []
    assert bank.closes(last, inside=[*inside, case.tag]) == "returned"
    parts = corner.loan(taking["jti"])["kit"]["parts"]
    assert {corner.loan(part["loan"])["state"] for part in parts} == {"closed"}
