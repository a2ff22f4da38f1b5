"""What a new user sees: `toolcrib up` with its sample workplace, taps, a sweep far ahead, the inbox, and `down`."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from infra.local import programs
from infra.local.home import Home
from infra.local.ports import _any_free
from tests.journeys.asking import Web, toolcrib

pytestmark = pytest.mark.journey

LENA = "04A2246B1F9080"
A_YEAR_LATER = "2030-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(tmp_path_factory.mktemp("sample")))


@pytest.fixture(scope="module", autouse=True)
def sample_stack(home: Home) -> Iterator[None]:
    """Start it as a user would, beside whatever else runs here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOOLCRIB_PORT", str(_any_free()))
        patch.setenv("TOOLCRIB_MQTT_PORT", str(_any_free()))
        try:
            toolcrib(home, "up", "--detach")
            yield
        finally:
            toolcrib(home, "down")


@pytest.fixture(scope="module")
def stack(home: Home) -> dict[str, Any]:
    return home.read("stack.json")


@pytest.fixture(scope="module")
def web(home: Home, stack: dict[str, Any]) -> Iterator[Web]:
    web = Web(stack["api"], toolcrib(home, "token", "--role", "admin").strip())
    with web.client:
        yield web


def out(web: Web) -> dict[str, str]:
    """What Lena has: asset by loan."""
    found = web.get("/people/lena.hoffmann/loans")["items"]
    return {loan["id"]: loan["asset"] for loan in found if loan["state"] == "open"}


def test_the_file_has_the_fields_that_others_rely_on(stack: dict[str, Any]) -> None:
    assert set(stack) == {
        *("org", "region", "endpoint", "credentials", "api", "user_pool", "client_id", "mqtt", "tables", "functions"),
        *("badge_key", "banks", "inbox", "users", "badges"),
    }
    assert set(stack["users"]) == {"admin", "supervisor", "auditor", "self"}
    for bank in ("hq-01", "hq-02", "dock-01"):
        entry = stack["banks"][bank]
        assert {"thing", "cert", "key", "command_key", "kid", "kiosk", "simulated"} <= set(entry)
        assert (entry["kiosk"], entry["simulated"], type(entry["kid"])) == (bank == "hq-01", True, str)
        assert Path(entry["cert"]).exists()
    assert stack["badges"]["lena.hoffmann"] == LENA


@pytest.mark.parametrize(
    ("noun", "many"), [("people", 40), ("assets", 61), ("asset-types", 8), ("sites", 2), ("banks", 3)]
)
def test_the_workplace_is_loaded(web: Web, noun: str, many: int) -> None:
    assert len(web.get(f"/{noun}", limit="100")["items"]) == many


def taken(said: str) -> str:
    """Return what a tap says was taken; of several alike the one that has lain there longest, whichever that is."""
    (thing,) = re.findall(r"has taken ([a-z]+-\d+) from", said)
    return str(thing)


def test_the_kiosk_offers_lends_and_takes_back(home: Home, web: Web) -> None:
    thing = taken(toolcrib(home, "tap", "hq-01", LENA))
    assert list(out(web).values()) == [thing]
    assert f"lena.hoffmann has brought back {thing}" in toolcrib(home, "tap", "hq-01", LENA)
    assert out(web) == {}


def test_the_express_bank_needs_no_question(home: Home, web: Web) -> None:
    thing = taken(toolcrib(home, "tap", "hq-02", LENA))
    assert list(out(web).values()) == [thing]
    assert f"lena.hoffmann has brought back {thing}" in toolcrib(home, "tap", "hq-02", LENA)
    assert out(web) == {}


def test_another_option_is_picked_by_its_number(home: Home) -> None:
    first = taken(toolcrib(home, "tap", "hq-01", LENA, "--option", "1"))
    assert f"has brought back {first}" in toolcrib(home, "tap", "hq-01", LENA, "--option", "1")
    second = taken(toolcrib(home, "tap", "hq-01", LENA, "--option", "2"))
    assert f"has brought back {second}" in toolcrib(home, "tap", "hq-01", LENA, "--option", "1")
    assert first.partition("-")[0] != second.partition("-")[0]


def test_what_is_out_far_ahead_is_told_to_holder_and_supervisor_in_slack_and_by_mail(
    home: Home, web: Web, stack: dict[str, Any]
) -> None:
    toolcrib(home, "tap", "hq-01", LENA)
    (loan,) = out(web)
    assert "notice sent" in toolcrib(home, "sweep", "--at", A_YEAR_LATER)
    for channel, people in (("slack", ("U07LENAHOFFMANN", "U07PETRAVOGEL")), ("email", ("lena.", "petra."))):
        told = [each for each in httpx.get(f"{stack['inbox']}/{channel}").json() if each["loan"] == loan]
        for person in people:
            assert any(each["to"].startswith(person) for each in told), (channel, person, told)
        assert all({"at", "to", "text", "raw", "loan", "step"} <= set(each) for each in told)
    again = toolcrib(home, "sweep", "--at", A_YEAR_LATER)
    assert "notice sent" not in again
    toolcrib(home, "tap", "hq-01", LENA)


def test_a_bank_for_ones_own_client_is_enrolled_and_revoked(home: Home, web: Web) -> None:
    words = ("--site", "hq", "--doors", "4", "--evidence", "tags", "--mode", "kiosk", "--no-simulate")
    assert "acme:own-01 is enrolled." in toolcrib(home, "bank", "add", "own-01", *words)
    assert home.read("stack.json")["banks"]["own-01"]["simulated"] is False
    assert "own-01" in toolcrib(home, "bank", "list")
    toolcrib(home, "bank", "revoke", "own-01")
    assert web.get("/banks/own-01")["state"] == "revoked"


def test_a_second_start_repeats_nothing_and_keeps_everything(home: Home, stack: dict[str, Any]) -> None:
    events = "/assets/thermal-camera-01/events"
    toolcrib(home, "down")
    toolcrib(home, "up", "--detach")
    after = home.read("stack.json")
    assert after["users"] == stack["users"]
    assert {bank: after["banks"][bank]["kid"] for bank in stack["banks"]} == dict.fromkeys(stack["banks"], "1")
    web = Web(after["api"], toolcrib(home, "token").strip())
    with web.client:
        assert [event["move"] for event in web.get(events)["items"]] == ["create", "stow"]
    assert "has taken" in toolcrib(home, "tap", "hq-02", LENA)


def test_the_record_holds(home: Home) -> None:
    assert "Everything fits" in toolcrib(home, "verify")


def test_nothing_runs_once_it_is_down(home: Home) -> None:
    pids = [home.read(f"{name}.pid.json")["pid"] for name in programs.ALL]
    known = home.read("root.json")
    toolcrib(home, "down")
    alive = [each for each in psutil.process_iter() if _session(each.pid) in pids]
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    for port in (known["port"], known["mqtt_port"], *home.read("ports.json").values()):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None
