"""Verifying whole tables and the anchors: clean after a day, and whatever is tampered with is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from chalicelib.flows import create_asset, move_asset, remote_open, stow_asset
from chalicelib.schedules import anchor_heads
from tests.support.admins import asked
from tests.support.workplace import NOW, ORG, bank, drill, person
from tests.support.world import World, world
from toolcrib import clients
from toolcrib.domain import anchoring
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.flows import verify_ledger
from toolcrib.flows.verify_ledger import Verdict, handle

TOKEN = "1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"
DAY = timedelta(days=1)


@dataclass
class _WithS3:
    inner: Any
    s3: Any

    def create_client(self, service: str, **more: Any) -> Any:
        return self.s3 if service == "s3" else self.inner.create_client(service, **more)


@pytest.fixture
def here() -> Iterator[World]:
    """A workplace after a day: assets entered, stowed, taken, brought back, sent to repair, a door opened from afar."""
    with mock_aws(), world(check=False) as opened, patch.object(verify_ledger, "PAUSE_S", 0):
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="anchors", ObjectLockEnabledForBucket=True)
        both = _WithS3(clients.session(), s3)
        with patch.object(clients, "session", lambda: both):
            _a_day(opened)
            yield opened


def _a_day(here: World) -> None:
    here.place(bank(), doors=8)
    here.meet(person(), TOKEN)
    for number in range(1, 7):
        create_asset.handle(asked(f"c{number}"), replace(drill(number), tag=f"T{number}"))
        stow_asset.handle(asked(f"s{number}"), f"drill-{number}", bank="hq-01", door=number)
    hq = here.bank("hq-01")
    taken = hq.tap()
    hq.does(taken, "closed", tags=[])
    here.later(minutes=5)
    back = hq.tap()
    hq.does(back, "closed", tags=["T1"])
    hq.does(hq.tap(), "closed", tags=[])
    move_asset.handle(asked("r"), "drill-5", Move.SEND_TO_REPAIR, reason="smokes")
    move_asset.handle(asked("u"), "drill-6", Move.UNSTOW, reason="cleaning")
    remote_open.handle(asked("o"), "hq-01", 8, reason="look")


def verify() -> Verdict:
    return handle(ORG, anchored=True)


def named(verdict: Verdict) -> str:
    assert verdict.fault is not None
    return str(verdict.fault)


def items(here: World, table: str) -> dict[tuple[str, str], dict[str, Any]]:
    assert here.dynamo is not None
    return here.dynamo.tables[table].items


def test_a_day_as_it_was_fits_and_progress_is_told(here: World) -> None:
    heard: list[dict[str, int]] = []
    verdict = handle(ORG, anchored=True, tell=lambda checked: heard.append(dict(checked)))
    assert verdict.fault is None, verdict.fault
    assert verdict.checked["assets"] == 6
    assert {"assets", "doors", "loans", "people", "tags", "ledger items"} <= verdict.checked.keys()
    assert len(heard) > 20
    assert heard[-1] == verdict.checked


TAMPERED: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("person", lambda record: record["record"]["M"].update(person={"S": "p-9"}), "altered"),
    ("an unknown field", lambda record: record["record"]["M"].update(extra={"S": "x"}), "altered"),
    ("another attribute", lambda record: record.update(extra={"S": "x"}), "altered"),
    ("no record", lambda record: record.pop("record"), "altered"),
    ("a bad move", lambda record: record["record"]["M"].update(move={"S": "teleported"}), "altered"),
    ("the hash", lambda record: record.update(hash={"S": "0" * 64}), "altered"),
    ("the number", lambda record: record.update(seq={"N": "7"}), "altered"),
]


@pytest.mark.parametrize(("what", "tamper", "word"), TAMPERED, ids=[each[0] for each in TAMPERED])
def test_an_event_that_was_tampered_with_is_named(here: World, what: str, tamper: Any, word: str) -> None:
    assert what
    tamper(items(here, "ledger")[f"{ORG}#ASSET#drill-3", "EVENT#000000000002"])
    assert named(verify()).startswith(f"I2: asset drill-3: event 2 was {word}")


def test_an_event_that_was_deleted_exchanged_or_slipped_in_is_named(here: World) -> None:
    ledger = items(here, "ledger")
    before = {key: dict(item) for key, item in ledger.items()}
    one, other = (f"{ORG}#ASSET#drill-1", "EVENT#000000000002"), (f"{ORG}#ASSET#drill-1", "EVENT#000000000003")
    del ledger[one]
    assert "asset drill-1: event 2 is missing" in named(verify())
    ledger.update({one: before[other] | {"sk": {"S": one[1]}}, other: before[one] | {"sk": {"S": other[1]}}})
    assert "asset drill-1: event 2 " in named(verify())
    ledger.update({one: before[one], other: before[other]})
    stray = (one[0], "EVENT#2b")
    ledger[stray] = before[one] | {"sk": {"S": stray[1]}}
    assert "a stray item EVENT#2b" in named(verify())
    del ledger[stray]
    assert verify().fault is None


def test_a_ledger_without_its_asset_is_named(here: World) -> None:
    del items(here, "state")[f"{ORG}#ASSET#drill-4", "STATE"]
    fault = named(verify())
    assert "drill-4" in fault


def test_a_state_set_by_hand_is_named(here: World) -> None:
    items(here, "state")[f"{ORG}#ASSET#drill-2", "STATE"]["custodian"] = {"M": {"kind": {"S": "nobody"}}}
    assert "drill-2" in named(verify())


def test_an_item_that_does_not_read_is_named(here: World) -> None:
    items(here, "state")[f"{ORG}#BANK#hq-01", "DOOR#03"]["capacity"] = {"S": "many"}
    assert named(verify()).startswith(f"unreadable: {ORG}#BANK#hq-01 DOOR#03")


def test_a_thing_in_two_doors_is_named(here: World) -> None:
    state = items(here, "state")
    door = state[f"{ORG}#BANK#hq-01", "DOOR#07"]
    door["contents"] = state[f"{ORG}#BANK#hq-01", "DOOR#03"]["contents"]
    assert named(verify()) == "I1: hq-01, door 7: it lists drill-3, which is stowed elsewhere"


def test_any_item_that_a_restore_lost_is_missed(here: World) -> None:
    """Every single item of the last transactions: nothing of custody can go missing unseen (threat 35)."""
    state, ledger = items(here, "state"), items(here, "ledger")
    for table, wanted in ((state, ("#ASSET#", "#PERSON#", "#LOAN#", "#TAG#")), (ledger, ("#ASSET#",))):
        for key in [key for key in table if any(word in key[0] for word in wanted) and not key[1].startswith("OP#")]:
            lost = table.pop(key)
            assert verify().fault is not None, key
            table[key] = lost
    assert verify().fault is None


def test_what_badges_and_cases_name_has_to_be_there(here: World) -> None:
    state = items(here, "state")
    badge = next(item for key, item in state.items() if key[1] == "BADGE")
    badge["about"]["M"]["person"] = {"S": "p-9"}
    assert named(verify()).startswith("references: badge 1.NW_")
    badge["about"]["M"]["person"] = {"S": "p-1"}
    here.later(minutes=5)
    here.bank("hq-01").does(None, "forced", door=2)
    assert verify().fault is None
    case = next(item for key, item in state.items() if key[1] == "CASE")
    case["about"]["M"]["person"] = {"S": "p-9"}
    assert named(verify()).endswith("its person p-9 is not there")


def test_what_is_being_written_is_read_again_before_it_is_called_wrong(here: World) -> None:
    door = items(here, "state")[f"{ORG}#BANK#hq-01", "DOOR#03"]
    contents = door.pop("contents")
    looks: list[int] = []
    real = verify_ledger._faults

    def late(*args: Any) -> Any:
        looks.append(1)
        if len(looks) > 2:
            door["contents"] = contents
        return real(*args)

    with patch.object(verify_ledger, "_faults", late):
        assert verify().fault is None


# -- anchors ---------------------------------------------------------------------------------------------------------


def parts() -> list[str]:
    return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="anchors").get("Contents", [])]


def anchor(*, now: Any = NOW, left: float = 900) -> dict[str, int]:
    return anchor_heads.handle(ORG, now=now, time_left_s=lambda: left)


def test_every_head_is_anchored_once_a_day(here: World) -> None:
    assert anchor() == {"heads": 6, "parts": 1, "left_for_next_run": 0}
    assert anchor() == {"heads": 0, "parts": 0, "left_for_next_run": 0}
    assert anchor(now=NOW + DAY)["heads"] == 6
    assert parts() == [f"{ORG}/2026-11-20/00001.json", f"{ORG}/2026-11-21/00001.json"]
    verdict = verify()
    assert (verdict.fault, verdict.checked["anchors"]) == (None, 12)


def test_heads_come_in_parts_and_what_broke_off_is_continued(here: World) -> None:
    with patch.object(anchor_heads, "HEADS_PER_PART", 2):
        time_left = iter([900.0, 900.0, 5.0])
        first = anchor_heads.handle(ORG, now=NOW, time_left_s=lambda: next(time_left))
        assert first == {"heads": 4, "parts": 2, "left_for_next_run": 1}
        assert verify().fault is None
        rest = anchor(now=NOW + DAY)
    assert rest == {"heads": 2 + 6, "parts": 1 + 3, "left_for_next_run": 0}
    assert [part.removeprefix(f"{ORG}/") for part in parts()] == [
        *(f"2026-11-20/0000{part}.json" for part in (1, 2, 3)),
        *(f"2026-11-21/0000{part}.json" for part in (1, 2, 3)),
    ]
    assert verify().fault is None


def test_an_org_without_assets_is_anchored_too(here: World) -> None:
    assert anchor_heads.handle("globex", now=NOW) == {"heads": 0, "parts": 1, "left_for_next_run": 0}


def rewrite_history(here: World, asset: str) -> None:
    """Change who took it and recompute every hash after that, the state's head included: what only anchors show."""
    from toolcrib.domain.events import digest
    from toolcrib.store import mapping
    from toolcrib.store.assets import load_asset
    from toolcrib.store.ledger import list_events, to_item

    head = ""
    for event in list(list_events(ORG, asset)):
        forged = replace(event, at=event.at - timedelta(minutes=1), prev_hash=head)
        head = digest(forged)
        to_item(ORG, replace(forged, hash=head)).save()
    mapping.asset_item(ORG, replace(load_asset(ORG, asset), head=head)).save()


def test_a_chain_that_was_recomputed_as_a_whole_is_shown_by_its_anchor(here: World) -> None:
    anchor()
    rewrite_history(here, "drill-3")
    assert handle(ORG, anchored=False).fault is None
    fault = named(verify())
    assert fault == f"anchor: {ORG}/2026-11-20/00001.json: asset drill-3 had another event 2 then"


def test_a_chain_that_was_cut_short_is_shown_by_its_anchor(here: World) -> None:
    anchor()
    state, ledger = items(here, "state"), items(here, "ledger")
    for key in [key for key in ledger if key[0] == f"{ORG}#ASSET#drill-6"]:
        del ledger[key]
    del state[f"{ORG}#ASSET#drill-6", "STATE"], state[f"{ORG}#TAG#T6", "TAG"]
    assert named(verify()).endswith("asset drill-6 had event 3 then, and has not now")


def test_anchors_that_were_written_over_or_forged_are_named(here: World) -> None:
    anchor()
    anchor(now=NOW + DAY)
    s3, key = boto3.client("s3"), f"{ORG}/2026-11-20/00001.json"
    body = s3.get_object(Bucket="anchors", Key=key)["Body"].read()
    forged = anchoring.Manifest(org=ORG, at=NOW, series="2026-11-22", part=1, last=True)
    extra = f"{ORG}/2026-11-22/00001.json"
    s3.put_object(Bucket="anchors", Key=extra, Body=anchoring.as_bytes(forged))
    assert named(verify()) == f"anchor: {extra}: it does not follow the part before it"
    s3.put_object(Bucket="anchors", Key=key, Body=body)
    assert named(verify()) == f"anchor: {key}: it was written 2 times"


def test_two_runs_at_once_write_each_part_once(here: World) -> None:
    from toolcrib.domain.refusals import LostRace
    from toolcrib.store import anchors

    part = anchoring.Manifest(org=ORG, at=NOW, series="2026-11-20", part=1, last=True)
    anchors.put(part)
    with pytest.raises(LostRace):
        anchors.put(replace(part, last=False))
