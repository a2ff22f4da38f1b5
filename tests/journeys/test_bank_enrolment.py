"""A bank is enrolled, lends, and is revoked: from then on nothing that it says has an effect."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from infra.local.running import Running
from tests.journeys.corner import Corner
from tests.support.player import Player
from tests.support.wire import Certificate, RefusedError, wire

pytestmark = pytest.mark.journey


def as_the_rule_hands_it_on(bank: Player, upload: dict[str, Any]) -> dict[str, Any]:
    """Return an upload that came in a moment before the broker hung up."""
    body = base64.b64encode(json.dumps(upload).encode()).decode()
    return {"body": body, "thing": bank.thing, "received_ms": round(time.time() * 1000)}


def test_revoking_a_bank_ends_its_effect_at_once(corner: Corner) -> None:
    bank, ada, bea = corner.bank("tags", "express"), corner.person("ada"), corner.person("bea")
    laptop, other = corner.thing("laptop", bank, door=1), corner.thing("laptop", bank, door=2)
    mine = Certificate(cert=bank.known["cert"], key=bank.known["key"])
    assert corner.web.get(f"/banks/{bank.bank}")["state"] == "active"
    taking = bank.opens(ada.token)

    corner.web.delete(f"/banks/{bank.bank}/enrolment")

    assert corner.web.get(f"/banks/{bank.bank}")["state"] == "revoked"
    cloud = Running(corner.home, corner.stack)
    cloud.invoke("on_tap", as_the_rule_hands_it_on(bank, bank.upload(journal_depth=0, badges=[bea.token])))
    assert [corner.door(bank, number)["state"] for number in (1, 2)] == ["unresolved", None]
    assert corner.web.get(f"/people/{bea.id}/loans")["items"] == []
    assert corner.asset(other)["state"] == "stowed"

    report = bank.door_report(1, "closed", taking["jti"], inside=[])
    cloud.invoke("on_door", as_the_rule_hands_it_on(bank, report))
    about = corner.web.get("/cases", kind="revoked_bank", site=corner.site)["items"]
    assert {(case["bank"], case["asset"]) for case in about} == {(bank.bank, laptop.id), (bank.bank, None)}
    assert corner.asset(laptop)["state"] == "unconfirmed"
    assert corner.loan(taking["jti"])["state"] == "pending"
    assert corner.moves(laptop) == ["create", "stow", "unresolved"]

    bank.close()
    assert corner.aws("iot").list_thing_principals(thingName=bank.thing)["principals"] == []
    with pytest.raises(RefusedError), wire(corner.stack, bank.thing, mine):
        pass
    assert not [heard for heard in bank.heard if heard[0] == "open"]


def test_a_bank_that_is_enrolled_anew_lends_again_and_its_old_certificate_is_worth_nothing(
    corner: Corner, tmp_path: Path
) -> None:
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    corner.thing("laptop", bank, door=1)
    old = Certificate(cert=tmp_path / "old.crt", key=tmp_path / "old.key")
    old.cert.write_bytes(Path(bank.known["cert"]).read_bytes())
    old.key.write_bytes(Path(bank.known["key"]).read_bytes())
    bank.close()

    corner.enrol(bank.bank, evidence="tags", mode="express", doors=4)

    with pytest.raises(RefusedError), wire(corner.stack, bank.thing, old):
        pass
    anew = corner.play(bank.bank)
    assert anew.known["kid"] != bank.known["kid"]
    assert anew.opens(ada.token)["door"] == 1
