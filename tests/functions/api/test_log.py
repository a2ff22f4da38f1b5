"""One line a request: who, where, what came of it; never a name, an address, a badge or a body (safety.md, I14)."""

import json
from typing import Any

import pytest

from tests.support.http import Client

CANARIES = ("Canary", "canary@example.com", "U-CANARY", "04A2246B1F9080", "secret-key", "behind the door")


def requests(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.getMessage() == "request"]


def test_a_request_is_one_line(admin: Client, caplog: pytest.LogCaptureFixture) -> None:
    admin.get("/people/ann")
    (line,) = requests(caplog)
    assert line.items() >= {"route": "GET /people/{id}", "status": 404, "org": "acme", "principal": "admin"}.items()
    assert line["op"]


def test_a_repeat_has_the_op_of_the_first(admin: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        admin.post("/people", {"name": "Ann"}, key="k")
    first, second = requests(caplog)
    assert first["op"] == second["op"]


def test_a_refusal_is_counted_by_its_code(admin: Client, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    admin.get("/people/ann")
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "ApiRefusals" in line]
    assert [line["code"] for line in counted] == ["not_found"]


def test_no_line_holds_what_a_request_was_about(
    admin: Client, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = {"id": "ann", "name": "Canary", "email": "canary@example.com", "slack_id": "U-CANARY"}
    admin.post("/people", ann, key="secret-key")
    admin.post("/people", {**ann, "Canary": "canary@example.com"})
    admin.patch("/people/ann", {"name": "Canary", "email": "canary@example.com"}, "*")
    admin.post("/people/ann/badges", {"number": "04A2246B1F9080"}, key="secret-key")
    admin.post("/people/ann/badges", {"number": "04A2246B1F9080", "format": "Canary"})
    admin.post("/cases/none/resolve", {"resolution": "Canary", "note": "behind the door"})
    admin.get("/people?cursor=Canary&limit=Canary")
    logged = str([vars(record) for record in caplog.records])
    assert len(requests(caplog)) == 7
    for canary in CANARIES:
        assert canary not in logged + str(capsys.readouterr())
