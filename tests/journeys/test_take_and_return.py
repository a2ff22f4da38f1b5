"""A badge opens a door, the thing is on record as theirs, and another tap brings it back."""

import pytest

from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("evidence", ["tags", "presence", "door_only"])
def test_one_tap_takes_a_thing_and_the_next_one_brings_it_back(corner: Corner, evidence: str) -> None:
    bank, ada = corner.bank(evidence, "express"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=2)

    taking = bank.opens(ada.token)
    assert (taking["door"], taking["purpose"]) == (2, "take")
    assert corner.door(bank, 2)["state"] == "issued"
    assert corner.loan(taking["jti"])["state"] == "pending"
    assert bank.closes(taking, inside=[]) == "taken"

    loan = corner.loan(taking["jti"])
    assert (loan["state"], loan["person"], loan["evidence"]) == ("open", ada.id, evidence)
    asset = corner.asset(laptop)
    assert (asset["state"], asset["custodian"]["kind"], asset["custodian"]["id"]) == ("on_loan", "person", ada.id)
    assert corner.door(bank, 2)["contents"] == []

    returning = bank.opens(ada.token)
    assert returning["purpose"] == "return"
    assert returning["jti"] != taking["jti"]
    assert bank.closes(returning, inside=[laptop.tag]) == "returned"

    loan = corner.loan(taking["jti"])
    assert (loan["state"], loan["return_evidence"], loan["return_door"]) == ("closed", evidence, returning["door"])
    asset = corner.asset(laptop)
    assert (asset["state"], asset["custodian"]["id"]) == ("stowed", bank.bank)
    assert corner.moves(laptop) == ["create", "stow", "taken", "returned"]


def test_at_a_kiosk_a_person_chooses_what_to_take_and_what_to_bring_back(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "kiosk"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)
    corner.thing("drill", bank, door=2)

    session = bank.offers(ada.token)
    assert session["person"]["display"]
    assert {(each["kind"], each["door"]) for each in session["options"]} == {("take", 1), ("take", 2)}
    taking = bank.command(*bank.choose(session, "take", door=1))
    assert (taking["door"], taking["purpose"]) == (1, "take")
    assert bank.closes(taking, inside=[]) == "taken"

    returning = bank.command(*bank.choose(bank.offers(ada.token), "return"))
    assert returning["purpose"] == "return"
    assert bank.closes(returning, inside=[laptop.tag]) == "returned"
    assert corner.moves(laptop) == ["create", "stow", "taken", "returned"]


def test_where_only_the_door_was_seen_a_person_may_say_that_they_did_not_take_it(corner: Corner) -> None:
    bank, ada = corner.bank("door_only", "kiosk"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)

    taking = bank.opens(ada.token)
    assert bank.closes(taking) == "taken"
    kind, said = bank.choose(bank.offers(ada.token), "not_taken")

    assert (kind, said["code"]) == ("notice", "disowned")
    assert corner.loan(taking["jti"])["state"] == "closed"
    assert corner.asset(laptop)["state"] == "unconfirmed"
    assert corner.case("not_taken")["asset"] == laptop.id


def test_where_only_the_door_was_seen_a_person_may_say_that_they_did_not_put_it_in(corner: Corner) -> None:
    bank, ada = corner.bank("door_only", "kiosk"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)

    taking = bank.opens(ada.token)
    assert bank.closes(taking) == "taken"
    returning = bank.command(*bank.choose(bank.offers(ada.token), "return"))
    assert bank.closes(returning) == "returned"
    kind, said = bank.choose(bank.offers(ada.token), "not_returned")

    assert (kind, said["code"]) == ("notice", "not_put_in")
    assert corner.asset(laptop)["state"] == "unconfirmed"
    assert corner.case("not_returned")["asset"] == laptop.id
