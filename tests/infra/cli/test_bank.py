"""`toolcrib bank`: made through the API, enrolled with a key that stays here, played here or by anybody's client."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from infra.cli.verbs import bank
from infra.local import programs, running
from infra.local.api import Api
from infra.local.home import Home

ADD = ["bank", "add", "hq-03", "--site", "hq", "--doors", "4", "--evidence", "tags", "--mode", "kiosk"]
HQ_03 = {
    "id": "hq-03",
    "site": "hq",
    "doors": 4,
    "evidence": "tags",
    "mode": "kiosk",
    "state": "active",
    "last_seen_at": None,
    "firmware": None,
}
GIVEN = {"thing": "acme:hq-03", "certificate": "CERT", "ca": "CA", "kid": "1", "command_key": "ab" * 32}


class Cloud:
    """The API, played; remembers what it was asked."""

    def __init__(self, **banks: dict[str, Any]) -> None:
        self.banks, self.asked = banks, list[tuple[str, str, Any]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, path, body))
        if path == "/banks" and request.method == "GET":
            return httpx.Response(200, json={"items": list(self.banks.values()), "next_cursor": None})
        if path == "/banks":
            return httpx.Response(201, json={})
        if request.method == "DELETE":
            return httpx.Response(204)
        if path.endswith("/enrolment"):
            return httpx.Response(201, json=GIVEN)
        if path.endswith("/doors"):
            inside = [{"number": 1, "contents": [{"asset": "laptop-01"}]}, {"number": 2, "contents": []}]
            return httpx.Response(200, json={"items": inside, "next_cursor": None})
        if path == "/assets/laptop-01":
            return httpx.Response(200, json={"id": "laptop-01", "tag": "E200"})
        found = self.banks.get(path.split("/")[2])
        return httpx.Response(200, json=found) if found else httpx.Response(404, json={"detail": "no such bank"})


class Fleet:
    """The simulated banks' panel, played."""

    added: list[str]
    stocked: dict[str, Any]

    def __init__(self, *_: Any) -> None: ...

    def banks(self) -> dict[str, Any]:
        return {"hq-03": {"ready": True}}

    def add(self, name: str, contents: Any) -> None:
        self.added.append(name)
        self.stocked[name] = contents


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, stack: Home) -> Callable[..., Cloud]:
    def made(**banks: dict[str, Any]) -> Cloud:
        played = Cloud(**banks)
        transport = httpx.MockTransport(played)
        monkeypatch.setattr(running.Running, "api", lambda _: Api("http://cloud/api", lambda: "token", transport))
        return played

    monkeypatch.setattr(Fleet, "added", [], raising=False)
    monkeypatch.setattr(Fleet, "stocked", {}, raising=False)
    monkeypatch.setattr(bank, "Panel", Fleet)
    monkeypatch.setattr(programs, "start_fleet", lambda _: "")
    return made


def entry(stack: Home, name: str = "hq-03") -> dict[str, Any]:
    found: dict[str, Any] = stack.read("stack.json")["banks"][name]
    return found


def test_a_new_bank_is_made_with_its_doors_enrolled_and_simulated(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud], stack: Home
) -> None:
    played = cloud()
    result = toolcrib(*ADD)
    assert result.exit_code == 0, result.output
    made = next(body for method, path, body in played.asked if (method, path) == ("POST", "/banks"))
    assert made == {
        "id": "hq-03",
        "site": "hq",
        "evidence": "tags",
        "mode": "kiosk",
        "doors": [{"number": number, "size": "M"} for number in (1, 2, 3, 4)],
    }
    assert Fleet.added == ["hq-03"]
    assert {name: value for name, value in entry(stack).items() if name not in {"cert", "key"}} == {
        "thing": "acme:hq-03",
        "command_key": "ab" * 32,
        "kid": "1",
        "kiosk": True,
        "simulated": True,
        "doors": 4,
        "evidence": "tags",
        "mode": "kiosk",
    }


def test_the_private_key_stays_here_and_is_its_owners_only(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud], stack: Home
) -> None:
    played = cloud()
    toolcrib(*ADD)
    csr = next(body["csr"] for _, path, body in played.asked if path.endswith("/enrolment"))
    key_file = Path(entry(stack)["key"])
    request = x509.load_pem_x509_csr(csr.encode())
    key = load_pem_private_key(key_file.read_bytes(), None)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert request.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)
    assert request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "acme:hq-03"
    assert "PRIVATE" not in csr
    for file in (key_file, Path(entry(stack)["cert"]), stack.stack_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "PRIVATE" not in stack.stack_file.read_text()


def test_a_bank_that_is_there_is_enrolled_anew_and_not_made_again(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]
) -> None:
    played = cloud(**{"hq-03": HQ_03})
    assert toolcrib(*ADD).exit_code == 0
    assert [path for method, path, _ in played.asked if method == "POST"] == ["/banks/hq-03/enrolment"]


def test_a_bank_of_another_kind_is_not_enrolled(toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]) -> None:
    played = cloud(**{"hq-03": {**HQ_03, "doors": 8, "mode": "express"}})
    result = toolcrib(*ADD)
    assert result.exit_code == 1
    assert "with doors 8 instead of 4, mode express instead of kiosk" in result.output
    assert not [path for method, path, _ in played.asked if method == "POST"]


def test_a_bank_for_somebody_elses_client_is_not_simulated(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud], stack: Home
) -> None:
    cloud()
    toolcrib(*ADD, "--no-simulate")
    assert entry(stack)["simulated"] is False
    assert not Fleet.added


@pytest.mark.parametrize(
    "wrong", [("--doors", "0"), ("--doors", "65"), ("--evidence", "hearsay"), ("--mode", "valet")], ids=" ".join
)
def test_a_cabinet_nobody_builds_is_refused(
    wrong: tuple[str, str], toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]
) -> None:
    played = cloud()
    words = list(ADD)
    words[words.index(wrong[0]) + 1] = wrong[1]
    assert toolcrib(*words).exit_code == 2
    assert not played.asked


def test_a_bank_that_is_simulated_later_holds_what_the_record_says(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud], stack: Home
) -> None:
    cloud()
    assert toolcrib("bank", "simulate", "hq-09").exit_code == 0
    assert entry(stack, "hq-09")["simulated"] is True
    assert (Fleet.added, Fleet.stocked) == (["hq-09"], {"hq-09": {1: ["E200"], 2: []}})


def test_what_was_never_enrolled_here_cannot_be_simulated(
    toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]
) -> None:
    cloud()
    result = toolcrib("bank", "simulate", "hq-77")
    assert result.exit_code == 1
    assert "no bank hq-77" in result.output
    assert not Fleet.added


def test_the_list_tells_state_and_who_plays_it(toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]) -> None:
    heard = {"id": "hq-09", "last_seen_at": "2026-11-21T18:00:00.000Z", "firmware": "1.4.0"}
    cloud(**{"hq-03": HQ_03, "hq-09": {**HQ_03, **heard}})
    rows = {line.split()[0]: line for line in toolcrib("bank", "list").output.splitlines() if " hq-" in line}
    assert "never" in rows["hq-03"]
    assert "connected" in rows["hq-03"]
    assert "2026-11-21 18:00Z" in rows["hq-09"]
    assert "1.4.0" in rows["hq-09"]
    assert "enrolled" in rows["hq-09"]


def test_a_revocation_is_one_call(toolcrib: Callable[..., Any], cloud: Callable[..., Cloud]) -> None:
    played = cloud()
    assert toolcrib("bank", "revoke", "hq-03").exit_code == 0
    assert played.asked == [("DELETE", "/banks/hq-03/enrolment", None)]
