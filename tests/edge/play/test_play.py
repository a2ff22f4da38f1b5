"""The panel for people: over HTTP, on a real broker, and once in a real browser, the kiosk in its frame."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from edge.simulation.person import STRANGER
from tests.edge.network import Cloud, Network, until
from tests.edge.rig import UID, sign
from tests.edge.rosters import body, person, token
from tests.edge.test_fetching import replying, server
from tests.edge.test_panel import DRILL, WRENCH, entry, served, write_stack
from tests.support.playing import panel_page, takes_the_drill_out


def opening(cloud: Cloud, _: str, body: dict[str, Any]) -> list[Any]:
    return [cloud.open(body["id"], jti="g1")]


async def test_a_door_waits_for_hands_and_what_they_do_is_seen(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"))
    cloud = Cloud(network.config(), opening)
    async with network.broker(), cloud.online(), served(stack) as (client, fleet):
        bank = fleet.bank("hq-01")
        await until(lambda: bank.state()["ready"])
        await client.post("/banks/hq-01/contents", json={"3": [DRILL]})
        locked = await client.post("/play/hq-01/doors/3/pull", json={})
        assert (locked.status_code, locked.json()["detail"]) == (400, "Door 3 is locked. Tap a card, or force it.")
        assert (await client.post("/play/hq-01/badge", json={"uid": UID})).status_code == 204
        await until(lambda: 3 in bank.cabinet.released)
        assert bank.state()["doors"]["3"] == "closed", "nobody pulls it but whoever plays"
        closed = await client.post("/play/hq-01/doors/3/take", json={"thing": DRILL, "uid": UID})
        assert closed.json()["detail"] == "Door 3 is closed."
        await client.post("/play/hq-01/doors/3/pull", json={})
        assert (await client.post("/play/hq-01/doors/3/take", json={"thing": DRILL, "uid": UID})).status_code == 204
        assert [each.thing for each in fleet.world.pocket(UID)] == [DRILL]
        await client.post("/play/hq-01/doors/3/push", json={})
        await until(lambda: cloud.outcomes() == ["opened", "closed"])
        assert cloud.kinds("door")[-1]["tags"] == []


async def test_a_visit_played_by_the_program_needs_no_hands(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"))
    cloud = Cloud(network.config(), opening)
    async with network.broker(), cloud.online(), served(stack) as (client, fleet):
        await until(lambda: fleet.bank("hq-01").state()["ready"])
        fleet.bank("hq-01").by_hand = True
        seen = (await client.post("/banks/hq-01/tap", json={"uid": UID})).json()
        assert (seen["answer"], seen["outcome"]) == ("open", "closed")


async def test_the_cable_and_the_mains_can_be_pulled_and_come_back(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01", kiosk=True))
    cloud = Cloud(network.config(), lambda *_: [])
    async with network.broker(), cloud.online(), served(stack) as (client, fleet):
        bank = fleet.bank("hq-01")
        await until(lambda: bank.state()["ready"])
        await client.post("/play/hq-01/network", json={"on": False})
        await until(lambda: not bank.state()["connected"])
        assert bank.kiosk.view.screen == "offline"
        await client.post("/play/hq-01/network", json={"on": True})
        await until(lambda: bank.state()["ready"] and bank.kiosk.view.screen == "idle")
        await client.post("/play/hq-01/power", json={"on": False})
        await until(lambda: not bank.state()["powered"])
        assert bank.kiosk.view.screen == "out_of_service"
        await client.post("/play/hq-01/power", json={"on": True})
        await until(lambda: bank.state()["ready"] and bank.kiosk.view.screen == "idle")


def roster() -> tuple[bytes, str]:
    """What the cloud gives a bank: its body, and the signed manifest. Whoever has the card may take the drill."""
    now_ms = int(time.time() * 1000)
    lent = {"type": "drill", "most": 1, "windows": [[0, 2**52]]}
    drill = {"asset": "d1", "type": "drill", "title": "Drill", "tag": DRILL}
    who = {"badges": {token(UID): 0}, "people": [person()], "rights": [[lent]]}
    told = json.dumps(body(made_ms=now_ms, doors={"3": [drill]}, free=[1], **who)).encode()
    claims = {"aud": "acme:hq-01", "version": "r1", "bytes": len(told), "exp": now_ms // 1000 + 3600}
    return told, sign(claims | {"sha256": hashlib.sha256(told).hexdigest()})


async def test_a_bank_whose_cable_is_pulled_lends_by_its_roster_and_tells_when_it_is_back(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01", kiosk=True))
    told, manifest = roster()
    async with server(replying(told)) as (url, asked):
        cloud = Cloud(network.config(), lambda _, kind, body: [(kind, {"re": body["id"], "url": url})])
        async with network.broker(), cloud.online(), served(stack) as (client, fleet):
            bank = fleet.bank("hq-01")
            await client.post("/banks/hq-01/contents", json={"3": [DRILL]})
            await client.post("/play/hq-01/power", json={"on": False})  # it looks inside when it boots
            await until(lambda: not bank.state()["powered"])
            await client.post("/play/hq-01/power", json={"on": True})
            await until(lambda: bank.state()["ready"])
            await cloud.say("roster", manifest=manifest)
            await until(lambda: bank._powered.bank.roster)
            await client.post("/play/hq-01/network", json={"on": False})
            await until(lambda: bank.kiosk.view.banner.startswith("Offline"))
            await client.post("/play/hq-01/badge", json={"uid": UID})
            await until(lambda: 3 in bank.cabinet.released)
            assert (bank.kiosk.view.screen, bank.kiosk.view.language) == ("opening", "de")
            await client.post("/play/hq-01/doors/3/pull", json={})
            await client.post("/play/hq-01/doors/3/take", json={"thing": DRILL, "uid": UID})
            await client.post("/play/hq-01/doors/3/push", json={})
            await until(lambda: bank.kiosk.view.screen == "thanks")
            assert cloud.kinds("door") == []
            await client.post("/play/hq-01/network", json={"on": True})
            await until(lambda: cloud.outcomes() == ["opened", "closed"])
            assert {each["offline"]["asset"] for each in cloud.kinds("door")} == {"d1"}
            await until(lambda: not bank.kiosk.view.banner)
        assert len(asked) == 1


async def test_tags_change_places_things_stay(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"))
    async with served(stack) as (client, fleet):
        assert (await client.post("/play/names", json={DRILL: "Drill", WRENCH: "Wrench"})).status_code == 204
        await client.post("/play/hq-01/swap", json={"one": DRILL, "other": WRENCH})
        assert (fleet.world.named(DRILL), fleet.world.named(WRENCH)) == ("Wrench", "Drill")
        assert fleet.world.named("#drill-7") == "drill-7"


async def test_something_unknown_can_be_put_in_but_nothing_that_is_elsewhere(network: Network) -> None:
    stack = write_stack(network, hq_01=entry(network, "hq-01"))
    async with served(stack) as (client, fleet):
        await client.post("/play/hq-01/doors/2/pry", json={})
        assert (await client.post("/play/hq-01/doors/2/put", json={"thing": STRANGER, "uid": UID})).status_code == 204
        elsewhere = await client.post("/play/hq-01/doors/2/put", json={"thing": DRILL, "uid": UID})
        assert (elsewhere.status_code, elsewhere.json()["detail"]) == (400, "It is not in these hands any more.")
        assert fleet.bank("hq-01").cabinet.contents[2] == [STRANGER]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/play/hq-09/badge", {"uid": UID}, 404),
        ("/play/hq-01/doors/9/pull", {}, 404),
        ("/play/hq-01/badge", {}, 400),
        ("/play/hq-01/network", {"on": "perhaps"}, 400),
        ("/play/hq-01/doors/1/take", {"thing": DRILL, "uid": UID, "force": True}, 400),
    ],
)
async def test_what_cannot_be_done_is_refused(network: Network, path: str, body: Any, status: int) -> None:
    async with served(write_stack(network, hq_01=entry(network, "hq-01"))) as (client, _):
        assert (await client.post(path, json=body)).status_code == status


async def test_a_form_of_a_foreign_page_does_nothing(network: Network) -> None:
    async with served(write_stack(network, hq_01=entry(network, "hq-01"))) as (client, fleet):
        form = await client.post("/play/hq-01/power", content='{"on": false}', headers={"content-type": "text/plain"})
        assert form.status_code == 400
        assert fleet.bank("hq-01")._mains.is_set()


async def test_a_bank_without_a_screen_has_no_kiosk_and_every_bank_has_a_page(network: Network) -> None:
    async with served(write_stack(network, hq_02=entry(network, "hq-02"))) as (client, _):
        assert (await client.get("/kiosk/hq-02/")).status_code == 404
        assert (await client.get("/play/hq-02")).status_code == 200
        assert (await client.get("/play/hq-09")).status_code == 404


async def test_a_whole_take_is_played_in_a_browser(network: Network, tmp_path: Path) -> None:
    async with panel_page(network, tmp_path) as (page, cloud):
        await takes_the_drill_out(page)
        await page.get_by_role("group", name="Door 3", exact=True).get_by_role("button", name="close").click()
        heading = page.frame_locator("iframe").get_by_role("heading", level=1)
        await expect(heading).to_have_text("Thank you")
        await until(lambda: cloud.outcomes() == ["opened", "closed"])


POST = "path => fetch(path, {method: 'POST', body: '{}', headers: {'Content-Type': 'application/json'}}).then(() => 0)"


async def test_what_is_pressed_while_things_change_is_pressed(network: Network, tmp_path: Path) -> None:
    async with panel_page(network, tmp_path) as (page, cloud):
        await takes_the_drill_out(page)
        close = page.get_by_role("group", name="Door 3", exact=True).get_by_role("button", name="close")
        await close.hover()
        await page.mouse.down()
        await page.evaluate(POST, "/play/hq-01/doors/7/pry")
        await until(lambda: "forced" in cloud.outcomes())
        await page.mouse.up()
        await until(lambda: "closed" in cloud.outcomes())
        await expect(page.get_by_role("group", name="Door 7", exact=True)).to_contain_text("open")
