"""A laptop is forgotten: it goes overdue, its supervisor is told, it comes back, and nobody hears of it again."""

from datetime import datetime, timedelta

import pytest

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner

pytestmark = pytest.mark.journey

LADDER = [
    {"offset": "PT0S", "to": "holder", "via": "slack"},
    {"offset": "PT2H", "to": "supervisor", "via": "slack"},
    {"offset": "PT2H", "to": "supervisor", "via": "email"},
    {"offset": "PT3H", "to": "supervisor", "via": "email", "repeat": {"every": "PT1H", "until": "PT6H"}},
]


def test_a_forgotten_laptop_is_told_of_until_it_is_returned(corner: Corner) -> None:
    corner.policy("laptop", loan_period="PT1H", ladder=LADDER)
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)
    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    due = datetime.fromisoformat(corner.loan(taking["jti"])["due_at"])
    loan, supervisor = taking["jti"], corner.supervisor

    corner.sweep((due - timedelta(minutes=5)).isoformat())
    assert corner.inbox("slack", loan=loan) == corner.inbox("email", loan=loan) == []

    corner.sweep((due + timedelta(minutes=1)).isoformat())
    (reminder,) = corner.told("slack", loan=loan)
    assert (reminder["to"], reminder["step"]) == (ada.slack, "PT0S")

    corner.sweep((due + timedelta(hours=2, minutes=1)).isoformat())
    (message,) = corner.told("slack", loan=loan, step="PT2H")
    assert message["to"] == supervisor.slack
    (mail,) = corner.told("email", loan=loan, step="PT2H")
    assert mail["to"] == supervisor.mail
    assert "Laptop" in mail["subject"]
    assert "Ada" in mail["text"]

    assert bank.closes(bank.opens(ada.token), inside=[laptop.tag]) == "returned"
    assert eventually(lambda: all("returned" in each["text"] for each in corner.inbox("slack", loan=loan)))
    before = [corner.inbox(via, loan=loan) for via in ("slack", "email")]
    corner.sweep((due + timedelta(hours=9)).isoformat())
    assert [corner.inbox(via, loan=loan) for via in ("slack", "email")] == before
    assert {each["state"] for each in corner.web.get("/notices", loan=loan)["items"]} == {"sent"}
