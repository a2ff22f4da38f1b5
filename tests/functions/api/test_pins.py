"""PINs over HTTP: they go in and never come out (feature A2; rules.md, row 12; safety.md, I14, threat 3)."""

from collections.abc import Iterator

import pytest

from tests.support.http import Client, enter
from tests.support.pins import RIGHT, kept, quick_hash, typed
from tests.support.workplace import NOW, ORG
from toolcrib.domain.pins import KIOSK_WINDOW, LOCKED_FOR, MOST_GUESSES, counted
from toolcrib.send import slow_hash
from toolcrib.store import mapping
from toolcrib.store.people import load_person

PIN = "/people/ann/pin"
NOTHING = {"is_set": False, "must_change": False, "kiosk_until": None, "locked_until": None}


@pytest.fixture
def ann(admin: Client) -> Iterator[Client]:
    with quick_hash():
        admin.post("/people", {"id": "ann", "name": "Ann", "site": "hq"})
        enter("ann", "self", person="ann")
        yield admin


def lock() -> None:
    pin = kept("ann")
    for number in range(MOST_GUESSES):
        pin = counted(pin, str(number), NOW) or pin
    mapping.pin_item(ORG, pin).save()


def test_nobody_has_one_to_begin_with(ann: Client) -> None:
    assert ann.get(PIN).json == NOTHING


def test_one_that_an_administrator_set_has_to_be_changed(ann: Client) -> None:
    made = ann.post(PIN, {"pin": RIGHT})
    assert (made.status, made.json) == (201, {**NOTHING, "is_set": True, "must_change": True})
    assert ann.get(PIN).json == made.json


def test_ones_own_holds(ann: Client) -> None:
    made = Client("ann").post(PIN, {"pin": RIGHT})
    assert (made.status, made.json) == (201, {**NOTHING, "is_set": True})


def test_it_is_kept_as_a_slow_hash_of_what_a_bank_would_send(ann: Client) -> None:
    ann.post(PIN, {"pin": RIGHT})
    pin = kept("ann")
    assert pin.hash is not None
    assert slow_hash.matches(pin.hash, typed(RIGHT))
    assert (pin.key, pin.guesses) == ("1", 0)


def test_neither_answer_nor_list_nor_profile_shows_it(ann: Client) -> None:
    replies = [ann.post(PIN, {"pin": RIGHT}), ann.get(PIN), ann.get("/people/ann"), ann.get("/people")]
    pin = kept("ann")
    assert pin.hash is not None
    for reply in replies:
        assert not any(secret in reply.text for secret in (RIGHT, typed(RIGHT), pin.hash.digest, pin.hash.salt))


@pytest.mark.parametrize("easy", ["0000", "1234", "121212"])
def test_one_that_everybody_tries_first_is_refused_without_being_repeated(ann: Client, easy: str) -> None:
    reply = ann.post(PIN, {"pin": easy})
    assert (reply.status, reply.json["code"], reply.json["errors"][0]["field"]) == (400, "pin_too_easy", "pin")
    assert easy not in reply.text
    assert ann.get(PIN).json == NOTHING


@pytest.mark.parametrize("pin", ["830", "8305830583058", "83o5", "\uff18305", "8305\n", 8305])
def test_only_four_to_twelve_digits_are_one(ann: Client, pin: object) -> None:
    assert ann.post(PIN, {"pin": pin}).status == 400


@pytest.mark.parametrize("pin", ["8305", "830583058302"])
def test_both_lengths_are_allowed(ann: Client, pin: str) -> None:
    assert ann.post(PIN, {"pin": pin}).status == 201


@pytest.mark.parametrize("body", [{}, {"pin": RIGHT, "at_kiosk": True}, {"at_kiosk": False}, {"pin": None}])
def test_it_is_one_or_the_other(ann: Client, body: dict[str, object]) -> None:
    reply = ann.post(PIN, body)
    assert (reply.status, {each["field"] for each in reply.json["errors"]}) == (400, {"pin", "at_kiosk"})


@pytest.mark.parametrize("who", ["admin", "ann"])
def test_the_way_to_set_one_at_a_screen_is_open_for_a_day(ann: Client, who: str) -> None:
    made = Client(who).post(PIN, {"at_kiosk": True})
    assert made.status == 201
    standing = load_person(ORG, "ann").pin
    assert standing is not None
    assert (standing.is_set, standing.kiosk_until) == (False, NOW + KIOSK_WINDOW)


def test_the_way_is_not_opened_over_a_pin(ann: Client) -> None:
    ann.post(PIN, {"pin": RIGHT})
    assert ann.post(PIN, {"at_kiosk": True}).json["code"] == "pin_is_set"


def test_a_pin_that_is_cleared_is_gone(ann: Client) -> None:
    ann.post(PIN, {"pin": RIGHT})
    assert [ann.delete(PIN).status for _ in range(2)] == [204, 204]
    assert ann.get(PIN).json == NOTHING
    assert kept("ann").hash is None
    assert ann.post(PIN, {"at_kiosk": True}).status == 201


def test_a_lock_shows_while_it_holds_and_an_administrator_lifts_it(ann: Client) -> None:
    ann.post(PIN, {"pin": RIGHT})
    lock()
    until = (NOW + LOCKED_FOR).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert ann.get(PIN).json["locked_until"] == until
    assert Client("admin", at=NOW + LOCKED_FOR).get(PIN).json["locked_until"] is None
    assert ann.post(f"{PIN}/unlock").json["locked_until"] is None
    assert kept("ann").guesses == 0


def test_a_new_pin_is_not_locked(ann: Client) -> None:
    ann.post(PIN, {"pin": RIGHT})
    lock()
    assert ann.post(PIN, {"pin": "7294"}).json["locked_until"] is None


def test_a_person_cannot_unlock_themself(ann: Client) -> None:
    assert Client("ann").post(f"{PIN}/unlock").status == 403


def test_a_repeat_under_its_key_is_answered_alike_and_changes_nothing(ann: Client) -> None:
    first = ann.post(PIN, {"pin": RIGHT}, key="k-1")
    before = kept("ann")
    again = ann.post(PIN, {"pin": RIGHT}, key="k-1")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert kept("ann") == before


def test_the_dry_run_says_what_the_bank_would(ann: Client) -> None:
    ann.post("/sites", {"id": "hq", "name": "HQ", "time_zone": "UTC"})
    ann.post("/asset-types", {"id": "laptop", "name": "Laptop", "category": "it", "second_factor": True})
    ann.post("/banks", {"id": "hq-01", "site": "hq", "doors": 1, "evidence": "tags", "mode": "kiosk"})
    ann.post("/groups", {"id": "crew", "name": "Crew", "grants": [{"categories": ["it"]}]})
    ann.patch("/people/ann", {"groups": ["crew"]}, "*")
    question = {"person": "ann", "bank": "hq-01", "type": "laptop"}
    codes = [ann.post("/policies/dry-run", question).json["code"]]
    ann.post(PIN, {"pin": RIGHT})
    codes.append(ann.post("/policies/dry-run", question).json["code"])
    lock()
    codes.append(ann.post("/policies/dry-run", question).json["code"])
    assert codes == ["pin_required", "pin_change_required", "pin_locked"]
