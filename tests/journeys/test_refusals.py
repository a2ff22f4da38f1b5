"""Every refuse code once, on the running stack: what the bank shows is word for word what the API answers."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.journeys.corner import Corner, Person
from tests.journeys.screens import typed
from tests.support.player import Message, Player
from toolcrib.domain.pins import MOST_GUESSES

pytestmark = pytest.mark.journey

LONG_AGO, FAR_AWAY = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Hall:
    """A kiosk with one laptop in it, and somebody who may take it, and `types` something if asked."""

    corner: Corner
    bank: Player
    ada: Person
    laptop: str
    types: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.corner.kind("laptop")

    def person(self, **fields: Any) -> None:
        self.corner.web.patch(f"/people/{self.ada.id}", fields)

    def type(self, **fields: Any) -> None:
        self.corner.web.patch(f"/asset-types/{self.kind}", fields)

    def thing(self, **fields: Any) -> None:
        self.corner.web.patch(f"/assets/{self.laptop}", fields)

    def policy(self, **fields: Any) -> None:
        self.corner.web.patch(f"/policies/{self.kind}", fields)

    def ruling(self, about: str = "type") -> Message:
        """Return what the dry run answers about the laptop, or about its type."""
        named = {"type": self.kind, "asset": self.laptop}[about]
        question = {"person": self.ada.id, "bank": self.bank.bank, about: named}
        return self.corner.web.post("/policies/dry-run", question, status=200)

    def shown(self) -> tuple[str, str]:
        """Return the code and the words that the bank answers to taking the laptop."""
        answer, message = self.bank.tap(self.ada.token)
        if answer == "session" and message["options"]:
            answer, message = self.bank.choose(message, "take", **self.types)
        elif answer == "session":
            (message,) = message["refusals"]
        assert answer != "open", "the door opened"
        return message["code"], message["text"]


def not_now() -> dict[str, list[list[str]]]:
    """Return the hours of a day that is neither today nor next to it."""
    return {DAYS[(datetime.now(UTC).weekday() + 3) % 7]: [["08:00", "09:00"]]}


@contextmanager
def blocked(hall: Hall) -> Iterator[None]:
    block = hall.corner.web.post(f"/people/{hall.ada.id}/blocks", {"reason": "Owes us a report"})
    yield
    hall.corner.web.delete(f"/people/{hall.ada.id}/blocks/{block['id']}")


def fields(of: Callable[..., Callable[..., None]], before: dict[str, Any], after: dict[str, Any]) -> Any:
    """Return what sets fields of a part of the hall, and sets them back."""

    @contextmanager
    def change(hall: Hall) -> Iterator[None]:
        of(hall)(**before)
        yield
        of(hall)(**after)

    return change


def person(hall: Hall) -> Callable[..., None]:
    return hall.person


def type_(hall: Hall) -> Callable[..., None]:
    return hall.type


def thing(hall: Hall) -> Callable[..., None]:
    return hall.thing


def policy(hall: Hall) -> Callable[..., None]:
    return hall.policy


@contextmanager
def without_groups(hall: Hall) -> Iterator[None]:
    hall.person(groups=[])
    yield
    hall.person(groups=[hall.corner.site])


@contextmanager
def uncertified(hall: Hall) -> Iterator[None]:
    hall.type(certifications=[{"certification": "laptops"}])
    yield
    hall.type(certifications=[])


@contextmanager
def expired(hall: Hall) -> Iterator[None]:
    with uncertified(hall):
        hall.person(certifications={"laptops": {"valid_until": LONG_AGO}})
        yield
        hall.person(certifications={"laptops": None})


@contextmanager
def overdue_for_service(hall: Hall) -> Iterator[None]:
    hall.thing(serviced_at=LONG_AGO)
    hall.type(service={"every": "P1D"})
    yield
    hall.type(service=None)


@contextmanager
def nearly_empty(hall: Hall) -> Iterator[None]:
    hall.thing(charge=10)
    hall.type(charging={"minimum": 50})
    yield
    hall.type(charging=None)


def another(hall: Hall) -> str:
    """Return a thing that nobody can take, and that is not where it belongs."""
    corner, camera = hall.corner, f"a-{secrets.token_hex(5)}"
    corner.web.post("/assets", {"id": camera, "type": corner.kind("camera"), "name": "Camera", "site": corner.site})
    corner.web.post(f"/assets/{camera}/move", {"move": "declare_missing", "reason": "Not on its shelf"}, status=200)
    return camera


@contextmanager
def locked_out(hall: Hall) -> Iterator[None]:
    pair = hall.corner.web.post("/pairs", {"kind": "lockout", "assets": [hall.laptop, another(hall)]})
    yield
    hall.corner.web.patch(f"/pairs/{pair['id']}", {"active": False})


@contextmanager
def in_half_a_kit(hall: Hall) -> Iterator[None]:
    kit = hall.corner.web.post("/kits", {"name": "Film kit", "parts": [hall.laptop, another(hall)]})
    yield
    hall.corner.web.patch(f"/kits/{kit['id']}", {"active": False})


@contextmanager
def guessed_too_often(hall: Hall) -> Iterator[None]:
    hall.type(second_factor=True)
    hall.corner.web.post(f"/people/{hall.ada.id}/pin", {"pin": "8305"})
    hall.types = typed(hall.corner, "4711", "7294")
    for _ in range(MOST_GUESSES):
        code, _ = hall.shown()
    assert code == "pin_locked"
    yield
    hall.types = {}
    hall.corner.web.delete(f"/people/{hall.ada.id}/pin")
    hall.type(second_factor=False)


@contextmanager
def with_terms(hall: Hall) -> Iterator[None]:
    terms = {"id": hall.corner.site, "title": "Laptops", "asset_types": [hall.kind], "texts": {"en": "I take care."}}
    hall.corner.web.post("/terms", terms)
    yield
    hall.corner.web.patch(f"/terms/{hall.corner.site}", {"active": False})


REFUSALS: dict[str, Any] = {
    "person_frozen": fields(person, {"active": False}, {"active": True}),
    "person_not_yet_valid": fields(person, {"valid_from": FAR_AWAY}, {"valid_from": None}),
    "person_expired": fields(person, {"valid_until": LONG_AGO}, {"valid_until": None}),
    "blocked": blocked,
    "no_access": without_groups,
    "certification_missing": uncertified,
    "certification_expired": expired,
    "outside_schedule": fields(policy, {"schedule": not_now()}, {"schedule": None}),
    "faulty": fields(thing, {"condition": "critical"}, {"condition": "ok"}),
    "service_due": overdue_for_service,
    "charge_low": nearly_empty,
    "kit_incomplete": in_half_a_kit,
    "pair_conflict": locked_out,
    "allowance_reached": fields(policy, {"allowance": {"type": 0}}, {"allowance": {"type": None}}),
    "pin_required": fields(type_, {"second_factor": True}, {"second_factor": False}),
    "pin_locked": guessed_too_often,
    "authorisation_required": fields(policy, {"authorisers": {"count": 1}}, {"authorisers": None}),
    "terms_required": with_terms,
}
"""What makes a code the answer, and undoes it afterwards."""


def test_each_refusal_is_word_for_word_the_same_at_the_bank_and_in_the_api(corner: Corner) -> None:
    corner.policy("laptop", loan_period="PT8H")
    bank, ada = corner.bank("tags", "kiosk", doors=1), corner.person("ada")
    hall = Hall(corner=corner, bank=bank, ada=ada, laptop=corner.thing("laptop", bank, door=1).id)
    assert hall.ruling()["allowed"]
    for code, made in REFUSALS.items():
        with made(hall):
            ruling = hall.ruling("asset" if code == "kit_incomplete" else "type")
            assert (ruling["allowed"], ruling["code"]) == (False, code)
            assert hall.shown() == (code, ruling["text"])
    assert hall.ruling()["allowed"], "everything was undone"
    assert bank.opens(ada.token)["door"] == 1
