"""The fleet and its panel, over HTTP, on a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from edge import panel
from edge.simulation.fleet import Fleet
from tests.edge.network import Cloud, Network, until
from tests.edge.rig import BADGE_KEY, COMMAND_KEY, UID

DRILL, WRENCH = "E2000000000000000000AA01", "E2000000000000000000AA02"


def entry(network: Network, bank: str, **more: Any) -> dict[str, Any]:
    config = network.config(bank)
    fields = {"thing": config.thing, "cert": str(config.cert), "key": str(config.key), "kid": "1", "kiosk": False}
    return fields | {"command_key": COMMAND_KEY.hex(), "simulated": True, "doors": 4, "evidence": "tags"} | more


def write_stack(network: Network, **banks: dict[str, Any]) -> Path:
    folder = network.authority.folder
    stack = {
        "org": "acme",
        "mqtt": {"host": "127.0.0.1", "port": network.port, "ca": str(folder / "ca.pem")},
        "badge_key": {"version": BADGE_KEY.version, "hex": BADGE_KEY.key.hex()},
        "banks": {name.replace("_", "-"): bank for name, bank in banks.items()},
    }
    path = folder / "stack.json"
    path.write_text(json.dumps(stack))
    return path


@asynccontextmanager
async def served(stack: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Fleet]]:
    fleet = Fleet(stack, stack.parent / "edge")
    await fleet.start_all()
    transport = httpx.ASGITransport(app=panel.app(fleet))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client, fleet
    finally:
        await fleet.stop_all()


async def test_a_tap_over_the_panel_takes_what_was_stocked(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"), hq_02=entry(network, "hq-02", simulated=False))
    cloud = Cloud(network.config(), lambda cloud, _, body: [cloud.open(body["id"], jti="g1")])
    async with network.broker(), cloud.online(), served(stack) as (client, _):
        stocked = (await client.post("/banks/hq-01/contents", json={"3": [DRILL]})).json()
        assert stocked["contents"] == {"3": [DRILL]}
        seen = (await client.post("/banks/hq-01/tap", json={"uid": UID})).json()
        assert (seen["answer"], seen["door"], seen["purpose"], seen["outcome"]) == ("open", 3, "take", "closed")
        assert (seen["acknowledged"], seen["tags"]) == (True, [])
        (bank,) = (await client.get("/banks")).json()["banks"]
        assert (bank["bank"], bank["connected"], bank["ready"], bank["contents"]) == ("hq-01", True, True, {})
        assert bank["doors"] == {"1": "closed", "2": "closed", "3": "closed", "4": "closed"}
        lines = (await client.get("/lines", params={"after": 0, "wait_s": 1})).json()
        texts = [line["text"] for line in lines["lines"]]
        assert texts[:4] == [
            "a badge was tapped",
            "door 3 unlocks (take)",
            "door 3 opened",
            "door 3 closed, 0 tags inside",
        ]
        assert lines["next"] == lines["lines"][-1]["number"]
        assert UID not in json.dumps(lines)


async def test_banks_come_and_go_and_keep_what_lies_in_them(network: Network) -> None:
    stack = write_stack(network)
    async with served(stack) as (client, _):
        assert (await client.get("/banks")).json() == {"banks": []}
        write_stack(network, hq_01=entry(network, "hq-01"))
        added = await client.post("/banks", json={"bank": "hq-01"})
        assert (added.status_code, added.json()["thing"], added.json()["connected"]) == (201, "acme:hq-01", False)
        await client.post("/banks/hq-01/contents", json={"2": [DRILL]})
        given = await client.post("/banks", json={"bank": "hq-03", "entry": entry(network, "hq-03", doors=2)})
        assert sorted(given.json()["doors"]) == ["1", "2"]
        assert (await client.delete("/banks/hq-01")).status_code == 204
        assert [bank["bank"] for bank in (await client.get("/banks")).json()["banks"]] == ["hq-03"]
        again = await client.post("/banks", json={"bank": "hq-01", "contents": {"4": [WRENCH]}})
        assert again.json()["contents"] == {"2": [DRILL], "4": [WRENCH]}
        assert (await client.post("/banks", json={"bank": "hq-01"})).status_code == 201


async def test_a_forced_door_an_alarm_and_a_pocket(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"))
    cloud = Cloud(network.config(), lambda *_: [])
    async with network.broker(), cloud.online(), served(stack) as (client, fleet):
        await until(lambda: fleet.bank("hq-01").state()["ready"])
        assert (await client.post("/banks/hq-01/doors/2/force")).json()["doors"]["2"] == "closed"
        assert (await client.post("/banks/hq-01/alarm", json={"kind": "tamper"})).status_code == 202
        await until(lambda: cloud.outcomes() == ["forced"] and cloud.kinds("alarm"))
        assert (await client.post("/carry", json={"uid": UID, "things": [DRILL]})).status_code == 204
        assert [each.thing for each in fleet.world.pocket(UID)] == [DRILL]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/banks/hq-09/tap", {"uid": UID}, 404),
        ("DELETE", "/banks/hq-09", None, 404),
        ("POST", "/banks", {"bank": "hq-09"}, 404),
        ("POST", "/banks/hq-01/doors/9/force", None, 404),
        ("POST", "/banks/hq-01/contents", {"9": []}, 404),
        ("POST", "/banks/hq-01/contents", {"x": []}, 400),
        ("POST", "/banks/hq-01/tap", {"uid": UID, "misbehave": "explode"}, 400),
        ("POST", "/banks/hq-01/tap", {"uid": UID, "speed": 9}, 400),
        ("POST", "/banks/hq-01/tap", {}, 400),
        ("POST", "/banks/hq-01/alarm", {"kind": "boredom"}, 400),
        ("GET", "/lines?after=yesterday", None, 400),
        ("GET", "/nowhere", None, 404),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(
    network: Network, method: str, path: str, body: Any, status: int
) -> None:
    async with served(write_stack(network, hq_01=entry(network, "hq-01"))) as (client, _):
        answer = await client.request(method, path, json=body)
    assert answer.status_code == status
    assert path == "/nowhere" or answer.json()["detail"]


async def test_other_host_names_are_refused(network: Network) -> None:
    async with served(write_stack(network)) as (client, _):
        assert (await client.get("/banks", headers={"host": "evil.example"})).status_code == 400


async def test_a_bank_whose_journal_is_damaged_stops_alone(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"), hq_02=entry(network, "hq-02"))
    (stack.parent / "edge").mkdir()
    (stack.parent / "edge" / "hq-01.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4_096)
    async with network.broker(), served(stack) as (client, fleet):
        lines = await fleet.lines.after(0, wait_s=60)
        assert [(line.bank, line.kind) for line in lines] == [("hq-01", "fault")]
        await until(lambda: fleet.bank("hq-02").state()["connected"])
        assert len((await client.get("/banks")).json()["banks"]) == 2


async def test_everything_stops_when_the_fleet_does(network: Network) -> None:
    fleet = Fleet(write_stack(network, hq_01=entry(network, "hq-01")), network.authority.folder / "edge")
    before = asyncio.all_tasks()
    await fleet.start_all()
    await asyncio.sleep(0.05)
    await fleet.stop_all()
    assert asyncio.all_tasks() == before
