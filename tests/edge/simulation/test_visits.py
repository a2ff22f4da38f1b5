"""Whole visits over a real broker with mutual TLS: a tap, a signed command, a door, a report, an acknowledgement."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from edge import link as link_module
from edge.commands import Purpose
from edge.config import Evidence, Windows
from edge.simulation import bank as bank_module
from edge.simulation.bank import SimulatedBank
from edge.simulation.misbehaviour import Misbehaviour
from edge.simulation.person import STRANGER, Pace
from edge.simulation.transcript import TapRequest, Transcript
from edge.simulation.world import Carried, World
from edge.uploads import AlarmKind, Outcome
from tests.edge.network import Answer, Cloud, Network, stop, until
from tests.edge.rig import UID
from tests.edge.simulation.conftest import Places

DRILL, SAW = "E2000000000000000000AA01", "E2000000000000000000AA02"
CUTS_UNRESOLVED = {
    Misbehaviour.POWER_CUT_BEFORE_PULSE,
    Misbehaviour.POWER_CUT_AFTER_PULSE,
    Misbehaviour.POWER_CUT_WHILE_OPEN,
    Misbehaviour.POWER_CUT_BEFORE_CLOSED,
}

WINDOWS = {Misbehaviour.NEVER_OPENS: Windows(open_ms=50), Misbehaviour.LEFT_OPEN: Windows(close_ms=50)}


async def visit(places: Places, misbehave: Misbehaviour | None = None, **changes: Any) -> tuple[Transcript, Cloud]:
    purpose = changes.pop("purpose", "take")
    things = changes.pop("things", [DRILL] if purpose == "take" else [])
    async with places.site(purpose=purpose, **changes) as site:
        site.world.stock("hq-01", {3: things})
        if purpose == "return":
            site.world.carry(UID, [DRILL, SAW])
        transcript = await site.bank.tap(TapRequest(uid=UID, misbehave=misbehave))
        await until(lambda: site.bank.state()["journal_depth"] == 0)
    return transcript, site.cloud


async def test_a_take_ends_with_an_empty_door_and_the_thing_in_a_pocket(places: Places) -> None:
    async with places.site() as site:
        site.world.stock("hq-01", {3: [DRILL]})
        seen = await site.bank.tap(TapRequest(uid=UID))
        assert (seen.answer, seen.door, seen.purpose, seen.grant) == ("open", 3, Purpose.TAKE, "g1")
        assert seen.outcomes == [Outcome.OPENED, Outcome.CLOSED]
        assert (seen.evidence, seen.present, seen.tags) == ("tags", False, [])
        assert (seen.acknowledged, seen.rejected) == (True, None)
        assert site.world.pocket(UID) == [Carried(thing=DRILL, bank="hq-01", door=3)]
        assert site.bank.state()["contents"] == {}
        assert {body["seq"] for _, body in site.cloud.heard if "seq" in body} == {1, 2, 3}


async def test_a_return_puts_back_what_came_from_there(places: Places) -> None:
    async with places.site(purpose="return") as site:
        site.world.carry(UID, [SAW])
        site.world.pocket(UID).append(Carried(thing=DRILL, bank="hq-01", door=3))
        seen = await site.bank.tap(TapRequest(uid=UID))
        assert (seen.outcome, seen.tags, seen.present) == (Outcome.CLOSED, [DRILL], True)
        assert [each.thing for each in site.world.pocket(UID)] == [SAW]


@pytest.mark.parametrize(("evidence", "present"), [(Evidence.PRESENCE, True), (Evidence.DOOR_ONLY, None)])
async def test_the_evidence_is_the_cabinets(places: Places, evidence: Evidence, present: bool | None) -> None:
    seen, _ = await visit(places, purpose="return", evidence=evidence)
    assert (seen.evidence, seen.present, seen.tags) == (evidence, present, None)


@pytest.mark.parametrize(
    ("misbehave", "outcomes", "tags"),
    [
        (Misbehaviour.NEVER_OPENS, [Outcome.NOT_OPENED], None),
        (Misbehaviour.JAM, [Outcome.JAMMED], None),
        (Misbehaviour.NOTHING_MOVED, [Outcome.OPENED, Outcome.CLOSED], [DRILL, SAW]),
        (Misbehaviour.WRONG_THING, [Outcome.OPENED, Outcome.CLOSED], [DRILL]),
        (Misbehaviour.UNKNOWN_TAG, [Outcome.OPENED, Outcome.CLOSED], [DRILL, SAW, STRANGER]),
        (Misbehaviour.LEFT_OPEN, [Outcome.OPENED, Outcome.LEFT_OPEN, Outcome.CLOSED], [SAW]),
    ],
)
async def test_a_take_may_go_wrong(
    places: Places, misbehave: Misbehaviour, outcomes: list[Outcome], tags: list[str] | None
) -> None:
    windows = WINDOWS.get(misbehave, Windows())
    seen, cloud = await visit(places, misbehave, things=[DRILL, SAW], windows=windows)
    assert seen.outcomes == outcomes
    assert cloud.outcomes() == outcomes
    assert seen.tags == tags
    assert seen.acknowledged


@pytest.mark.parametrize(("misbehave", "tags"), [(Misbehaviour.WRONG_THING, [SAW]), (Misbehaviour.NOTHING_MOVED, [])])
async def test_a_return_may_go_wrong(places: Places, misbehave: Misbehaviour, tags: list[str]) -> None:
    seen, _ = await visit(places, misbehave, purpose="return")
    assert (seen.outcome, seen.tags) == (Outcome.CLOSED, tags)


async def test_a_thing_put_behind_another_door_forces_it_and_leaves_the_granted_one_empty(places: Places) -> None:
    async with places.site(purpose="return") as site:
        site.world.carry(UID, [DRILL])
        seen = await site.bank.tap(TapRequest(uid=UID, misbehave=Misbehaviour.ANOTHER_DOOR))
        assert (seen.outcomes, seen.tags) == ([Outcome.OPENED, Outcome.CLOSED], [])
        assert (1, None, "forced") in [
            (each["door"], each["grant"], each["outcome"]) for each in site.cloud.kinds("door")
        ]
        assert site.bank.state()["contents"] == {"1": [DRILL]}
        await until(lambda: [DRILL] in [body["tags"]["1"] for body in site.cloud.kinds("status")])


async def test_doubled_reports_are_the_same_reports(places: Places) -> None:
    seen, cloud = await visit(places, Misbehaviour.DUPLICATE_REPORTS)
    assert seen.acknowledged
    opened = [body for body in cloud.kinds("door") if body["outcome"] == "opened"]
    assert len(opened) >= 2
    assert opened[0] == opened[1]


@pytest.mark.parametrize("misbehave", sorted(CUTS_UNRESOLVED))
async def test_a_power_cut_in_the_middle_ends_unresolved_and_is_never_a_second_pulse(
    places: Places, misbehave: Misbehaviour
) -> None:
    seen, cloud = await visit(places, misbehave)
    assert (seen.answer, seen.outcome, seen.grant, seen.acknowledged) == ("open", Outcome.UNRESOLVED, "g1", True)
    assert {body["boot"] for body in cloud.kinds("door") if body["outcome"] == "unresolved"} == {2}
    assert cloud.outcomes().count("opened") <= 1
    assert "closed" not in cloud.outcomes()


async def test_a_power_cut_before_the_mark_leaves_the_grant_unused(places: Places) -> None:
    seen, cloud = await visit(places, Misbehaviour.POWER_CUT_BEFORE_MARK)
    assert (seen.answer, seen.outcomes, cloud.outcomes()) == ("none", [], [])


async def test_a_power_cut_after_the_last_report_was_written_loses_nothing(places: Places) -> None:
    seen, cloud = await visit(places, Misbehaviour.POWER_CUT_AFTER_CLOSED)
    assert (seen.outcome, seen.acknowledged) == (Outcome.CLOSED, True)
    assert "unresolved" not in cloud.outcomes()
    assert [body["boot"] for body in cloud.kinds("door") if body["outcome"] == "closed"] == [1]


def chooses(options: list[dict[str, Any]]) -> Any:
    def replies(cloud: Cloud, kind: str, body: dict[str, Any]) -> Sequence[Answer]:
        if kind == "tap":
            person = {"display": "Ada", "language": "en"}
            return [("session", {"re": body["id"], "session": "S", "person": person, "options": options})]
        door = next(each["door"] for each in options if each["option"] == body["option"])
        return [cloud.open(body["id"], jti="g1", door=door)]

    return replies


OPTIONS = [
    {"option": "a", "kind": "take", "title": "Drill", "door": 2, "needs": []},
    {"option": "b", "kind": "take", "title": "Saw", "door": 4, "needs": ["pin", "new_pin"]},
]


@pytest.mark.parametrize(("option", "door", "picked"), [(None, 2, "a"), ("b", 4, "b")])
async def test_at_a_kiosk_the_wanted_option_is_picked_or_the_first(
    places: Places, option: str | None, door: int, picked: str
) -> None:
    async with places.site(chooses(OPTIONS)) as site:
        seen = await site.bank.tap(TapRequest(uid=UID, option=option, pin="4711", new_pin="0815"))
        assert (seen.answer, seen.door, seen.picked, seen.person) == ("open", door, picked, "Ada")
        assert [each.title for each in seen.options] == ["Drill", "Saw"]
        (choice,) = site.cloud.kinds("choice")
        asked = {"pin", "new_pin"} if picked == "b" else set()
        assert choice.keys() & {"pin", "new_pin"} == asked
        assert choice.get("pin") in {None, "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A"}


@pytest.mark.parametrize(("options", "wanted"), [([], None), (OPTIONS, "nothing like it")])
async def test_a_session_without_the_wanted_option_ends_the_visit(
    places: Places, options: list[dict[str, Any]], wanted: str | None
) -> None:
    async with places.site(chooses(options)) as site:
        seen = await site.bank.tap(TapRequest(uid=UID, option=wanted))
        assert (seen.answer, seen.picked, site.cloud.kinds("choice")) == ("session", None, [])


async def test_a_notice_ends_the_visit(places: Places) -> None:
    def refuses(cloud: Cloud, kind: str, body: dict[str, Any]) -> Sequence[Answer]:
        del cloud, kind
        return [("notice", {"re": body["id"], "level": "warn", "code": "no_access", "text": "Ask."})]

    async with places.site(refuses) as site:
        seen = await site.bank.tap(TapRequest(uid=UID))
        assert (seen.answer, [each.code for each in seen.notices], seen.door) == ("notice", ["no_access"], None)


async def test_a_rejected_report_is_told(places: Places) -> None:
    async with places.site() as site:
        site.cloud.acknowledges = False
        visiting = asyncio.create_task(site.bank.tap(TapRequest(uid=UID)))
        await until(lambda: site.cloud.outcomes() == ["opened", "closed"])
        rejected = [{"id": body["id"], "code": "unknown_grant"} for body in site.cloud.kinds("door")]
        await site.cloud.say("ack", re=None, ids=[], rejected=rejected)
        seen = await visiting
        assert (seen.acknowledged, seen.rejected) == (False, "unknown_grant")


async def test_visitors_queue_and_each_is_served(places: Places) -> None:
    async with places.site() as site:
        site.world.stock("hq-01", {3: [DRILL, SAW]})
        both = await asyncio.gather(*(site.bank.tap(TapRequest(uid=uid)) for uid in (UID, "DEADBEEF")))
        assert sorted(str(seen.grant) for seen in both) == ["g1", "g2"]
        assert [len(site.world.pocket(uid)) for uid in (UID, "DEADBEEF")] == [1, 1]


async def test_service_staff_open_and_close_without_touching(places: Places) -> None:
    async with places.site() as site:
        site.world.stock("hq-01", {3: [DRILL]})
        await until(lambda: site.bank.state()["ready"])
        kind, body = site.cloud.open(None, jti="g9", purpose="service")
        await site.cloud.say(kind, **body)
        await until(lambda: site.cloud.outcomes() == ["opened", "closed"])
        assert site.cloud.kinds("door")[-1]["tags"] == [DRILL]


async def test_a_forced_door_and_an_alarm_are_reported(places: Places) -> None:
    async with places.site() as site:
        await until(lambda: site.bank.state()["ready"])
        await site.bank.force(2)
        site.bank.raise_alarm(AlarmKind.TAMPER)
        await until(lambda: site.cloud.outcomes() == ["forced"] and site.cloud.kinds("alarm"))


async def test_a_bank_that_is_switched_off_answers_offline_and_hears_no_alarm(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_module, "READY_S", 0.01)
    async with places.site() as site:
        switched_off = SimulatedBank(site.bank.config, site.world)
        assert (await switched_off.tap(TapRequest(uid=UID))).answer == "offline"
        switched_off.raise_alarm(AlarmKind.TAMPER)
        assert switched_off.state()["journal_depth"] is None


async def test_a_visit_that_takes_too_long_ends_with_what_was_seen(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_module, "VISIT_S", 0.5)
    async with places.site() as site:
        site.cloud.acknowledges = False
        seen = await site.bank.tap(TapRequest(uid=UID))
        assert (seen.answer, seen.acknowledged) == ("open", False)


async def test_reports_are_kept_while_the_broker_is_away_and_repeated_until_acknowledged(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "FIRST_RECONNECT_S", 0.01)
    monkeypatch.setattr(link_module, "MAX_RECONNECT_S", 0.2)
    config, world = network.config(), World(network.authority.folder / "world.json")
    deaf = Cloud(config, lambda cloud, _, body: [cloud.open(body["id"], jti="g1")])
    deaf.acknowledges = False
    bank = SimulatedBank(config, world, pace=Pace(hand_s=0.01))
    running = asyncio.create_task(bank.run())
    async with network.broker(), deaf.online():
        visiting = asyncio.create_task(bank.tap(TapRequest(uid=UID)))
        await until(lambda: deaf.outcomes() == ["opened", "closed"])
    await until(lambda: not bank.state()["connected"])
    hearing = Cloud(config, lambda *_: [])
    async with network.broker(), hearing.online():
        seen = await visiting
        await stop(running)
    assert seen.acknowledged
    assert {body["id"] for body in hearing.kinds("door")} == {body["id"] for body in deaf.kinds("door")}
    assert hearing.kinds("tap") == []


def asks_for_others(*names: str, then: str = "a") -> Any:
    """Show an option that needs somebody else until the badges of all `names` have joined its session, `then` that."""
    lacking = list(names)

    def replies(cloud: Cloud, kind: str, body: dict[str, Any]) -> Sequence[Answer]:
        if kind == "choice":
            return [cloud.open(body["id"], jti="g1", door=2)]
        if "session" in body:
            lacking.pop()
        option = {**OPTIONS[0], "needs": ["authoriser"]} if lacking else {**OPTIONS[0], "option": then}
        return [("session", {"re": body["id"], "session": f"S{len(lacking)}", "options": [option]})]

    return replies


async def test_others_who_stand_by_tap_where_the_screen_asks_for_somebody_else(places: Places) -> None:
    async with places.site(asks_for_others("one", "two")) as site:
        seen = await site.bank.tap(TapRequest(uid=UID, option="a", others=("DEADBEEF", "0A0B0C0D")))
        assert (seen.answer, seen.picked, seen.door) == ("open", "a", 2)
        assert [body.get("session") for body in site.cloud.kinds("tap")] == [None, "S2", "S1"]
        assert len({tuple(body["badges"]) for body in site.cloud.kinds("tap")}) == 3


async def test_what_a_screen_shows_once_somebody_else_tapped_is_picked_whatever_was_wanted(places: Places) -> None:
    async with places.site(asks_for_others("one", then="mine")) as site:
        seen = await site.bank.tap(TapRequest(uid=UID, option="a", others=("DEADBEEF",)))
        assert [body["option"] for body in site.cloud.kinds("choice")] == ["mine"]
        assert (seen.answer, seen.picked) == ("open", "mine")


async def test_where_nobody_stands_by_the_option_is_picked_and_the_bank_says_what_is_missing(places: Places) -> None:
    async with places.site(asks_for_others("one")) as site:
        await site.bank.tap(TapRequest(uid=UID))
        assert [body["session"] for body in site.cloud.kinds("choice")] == ["S1"]
