"""What a bank may lend alone reaches it: retained by the broker, fetched from the storage, gone with the enrolment."""

import hashlib
import json

import httpx
import pytest

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner
from tests.support.player import PATIENCE_S, Player

pytestmark = pytest.mark.journey


def test_a_bank_that_connects_is_told_its_roster_and_fetches_it_and_nobody_else_may(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "kiosk"), corner.person("ada")
    laptop = corner.thing("laptop", bank, door=1)
    bank.close()
    corner.issues_rosters()
    bank = corner.play(bank.bank)

    manifest = bank.roster()
    link = bank.fetches(manifest["version"])
    body = read(link)
    assert (len(body.content), hashlib.sha256(body.content).hexdigest()) == (manifest["bytes"], manifest["sha256"])
    told = json.loads(body.content)
    assert (told["thing"], told["version"]) == (bank.thing, manifest["version"])
    assert told["doors"]["1"][0]["asset"] == laptop.id
    whose = told["people"][told["badges"][ada.token]]
    assert [each["type"] for each in told["rights"][whose["rights"]]] == [corner.kind("laptop")]

    refused = {
        "without a signature": read(link.partition("?")[0]).status_code,
        "another bank's": read(link.replace(bank.bank, f"{bank.bank}x", 1)).status_code,
    }
    assert refused == dict.fromkeys(refused, 403)


def test_a_revoked_bank_is_told_of_no_roster_any_more(corner: Corner) -> None:
    bank = corner.bank("tags", "kiosk")
    corner.issues_rosters()
    assert retained(corner, bank)
    corner.web.delete(f"/banks/{bank.bank}/enrolment")
    corner.issues_rosters()
    assert eventually(lambda: not retained(corner, bank))


def retained(corner: Corner, bank: Player) -> bool:
    """Whether the broker keeps a roster for a bank."""
    pages = corner.aws("iot-data").get_paginator("list_retained_messages").paginate()
    topics = {each["topic"] for page in pages for each in page["retainedTopics"]}
    return f"toolcrib/v1/{bank.thing}/down/roster" in topics


def read(url: str) -> httpx.Response:
    return httpx.get(url, timeout=PATIENCE_S, trust_env=False)
