"""Somebody needs the consent of others who are not there: asked and answered in Slack (rules.md, row 13)."""

import pytest

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner
from tests.journeys.pressing import press

pytestmark = pytest.mark.journey


def test_a_supervisor_agrees_in_slack_and_the_next_tap_opens(corner: Corner) -> None:
    corner.policy("drill", loan_period="PT1H", authorisers={"count": 1})
    bank, ada = corner.bank("tags", "kiosk"), corner.person("ada")
    drill = corner.thing("drill", bank, door=1)
    kind, said = bank.choose(bank.offers(ada.token), "take")
    assert (kind, said["code"]) == ("notice", "authorisation_required")

    asked = corner.told("slack", to=corner.supervisor.slack, step="authorisation")[0]
    assert "Ada asks whether they may take Drill" in asked["text"]
    press(corner, asked, "approve", corner.supervisor)
    (answer,) = corner.told("slack", to=ada.slack, step="authorised")
    assert "You may take Drill" in answer["text"]
    assert eventually(lambda: "Ada may take it" in shown(corner, corner.supervisor.slack))
    assert eventually(lambda: "Ada may take it" in shown(corner, corner.channel))

    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    assert bank.closes(bank.opens(ada.token), inside=[drill.tag]) == "returned"


def shown(corner: Corner, where: str) -> str:
    (message,) = corner.inbox("slack", to=where, step="authorisation")
    return str(message["text"])
