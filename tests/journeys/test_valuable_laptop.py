"""A laptop that is worth it: when its time is over somebody knows within seconds, not with the next sweep."""

from datetime import datetime, timedelta

import pytest

from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey

LADDER = [{"offset": "PT0S", "to": "supervisor", "via": "slack", "urgent": True}]
SOON = timedelta(seconds=20)  # two functions that have never run start within this, on two busy cores


def test_a_valuable_laptop_past_its_time_is_told_of_within_seconds(corner: Corner) -> None:
    corner.policy("laptop", loan_period="PT40S", ladder=LADDER)
    corner.web.patch(f"/asset-types/{corner.kind('laptop')}", {"prompt": True})
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)
    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    due = datetime.fromisoformat(corner.loan(taking["jti"])["due_at"])

    (message,) = corner.told("slack", loan=taking["jti"])
    assert message["to"] == corner.supervisor.slack
    assert timedelta() <= datetime.fromisoformat(message["at"]) - due <= SOON
    assert bank.closes(bank.opens(ada.token), inside=[laptop.tag]) == "returned"
