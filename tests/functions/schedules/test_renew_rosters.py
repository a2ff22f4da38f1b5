"""Every five minutes: which bank is told of another roster, what is in it, and who is in none any more."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt
import msgspec
import pytest

from chalicelib.schedules import renew_rosters
from tests.support.outcomes import TAG, lend, stage
from tests.support.tables import MASTER
from tests.support.workplace import DRILL, FALLBACK, NOW, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import World
from toolcrib.domain.doors import BankState
from toolcrib.domain.events import instant
from toolcrib.domain.people import Badge, BadgeState, Person
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.send.signing import command_key
from toolcrib.store import mapping
from toolcrib.store.banks import load_bank
from toolcrib.store.people import save_badge
from toolcrib.store.rosters import find_issued
from toolcrib.store.tables import StateItem
from toolcrib.wire.rosters import Roster


def run(here: World) -> dict[str, int]:
    return renew_rosters.handle(ORG, now=here.now)


def manifest(here: World, bank_id: str = "hq-01", generation: int = 1) -> dict[str, Any]:
    token = json.loads(here.retained[bank_id])["manifest"]
    assert jwt.get_unverified_header(token)["kid"] == str(generation)
    key = command_key(bytes.fromhex(MASTER), org=ORG, bank=bank_id, generation=generation)
    unchecked: Any = {"verify_exp": False}
    return jwt.decode(token, key, algorithms=["HS256"], audience=f"{ORG}:{bank_id}", options=unchecked)


def body(here: World, bank_id: str = "hq-01") -> Roster:
    told = manifest(here, bank_id)
    raw = here.bodies[f"{ORG}/{bank_id}/{told['version']}.json"]
    assert (sha256(raw).hexdigest(), len(raw)) == (told["sha256"], told["bytes"])
    found = msgspec.json.decode(raw, type=Roster)
    assert found.version == told["version"]
    return found


def test_a_bank_is_told_what_it_may_lend_to_whom_and_until_when(here: World) -> None:
    stage(here)
    assert run(here)["told"] == 1
    found, made_ms = body(here), round(here.now.timestamp() * 1000)
    assert (found.thing, found.made_ms) == ("acme:hq-01", made_ms)
    assert found.badges == {TOKEN: 0}
    (somebody,) = found.people
    assert (somebody.display, somebody.loans) == ("Person 1.", [])
    (right,) = found.rights[somebody.rights]
    assert (right.type, right.windows) == ("drill", [(made_ms, made_ms + 86_400_000)])
    assert {number: [each.asset for each in things] for number, things in found.doors.items()} == {1: ["drill-1"]}
    assert found.free == [2, 3, 4]
    assert manifest(here)["exp"] == made_ms // 1000 + 86_400


def test_who_holds_something_finds_it_with_the_doors_that_take_it(here: World) -> None:
    _, loan = lend(here)
    run(here)
    (held,) = body(here).people[0].loans
    assert (held.asset, held.tag, held.doors) == ("drill-1", TAG, [1, 2, 3, 4])
    assert held.due_at == instant(here.loan(loan).due_at)


def test_nothing_is_told_again_while_nothing_changes_until_a_third_of_the_shortest_life(here: World) -> None:
    stage(here)
    run(here)
    for _ in range(95):
        here.later(minutes=5)
        assert run(here)["told"] == 0
    here.later(minutes=5)
    assert run(here)["told"] == 1


def test_while_nothing_changes_nobody_is_read(here: World) -> None:
    stage(here)
    run(here)
    here.later(minutes=10)
    assert run(here)["looked_at"] == 0


def test_a_valuable_type_makes_rosters_follow_each_other_sooner(here: World) -> None:
    rules(replace(DRILL, replacement_value=1000))
    stage(here)
    run(here)
    here.later(minutes=75)
    assert run(here)["told"] == 0
    here.later(minutes=5)
    assert run(here)["told"] == 1


@pytest.mark.parametrize(
    "change",
    [
        person(active=False),
        person(valid_until=NOW),
        replace(FALLBACK, allowance=Allowance(total=0)),
        replace(DRILL, second_factor=True),
        replace(DRILL, offline_life=timedelta()),
    ],
)
def test_who_may_take_nothing_any_more_has_no_right_after_five_minutes_and_is_still_known(
    here: World, change: Any
) -> None:
    stage(here)
    run(here)
    here.later(minutes=1)
    if isinstance(change, Person):
        here.change_person(change)
    else:
        rules(change)
    here.later(minutes=4)
    assert run(here)["told"] == 1
    found = body(here)
    assert found.rights[found.people[found.badges[TOKEN]].rights] == []


def test_a_badge_that_was_revoked_is_nobodys_after_five_minutes(here: World) -> None:
    stage(here)
    here.meet(person(2), OTHER_TOKEN)
    run(here)
    assert body(here).badges.keys() == {TOKEN, OTHER_TOKEN}
    gone = Badge(id=OTHER_TOKEN, person="p-2", state=BadgeState.REVOKED, revision=2)
    save_badge(ORG, "revoke", here.now, gone)
    here.later(minutes=5)
    run(here)
    assert body(here).badges.keys() == {TOKEN}


def test_an_edit_that_is_written_after_its_note_was_read_is_seen_by_the_next_run(here: World) -> None:
    stage(here)
    run(here)
    here.later(minutes=5)
    here.change_person(person(active=False))
    late = StateItem.get(f"{ORG}#PERSON#p-1", "PROFILE")
    early = replace(person(), version=1)
    mapping.person_item(ORG, early).save()
    assert run(here)["told"] == 0
    late.save()
    here.later(minutes=1)
    assert run(here)["told"] == 1


def test_what_was_taken_anywhere_changes_what_may_still_be_taken_here(here: World) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    stage(here)
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    run(here)
    assert body(here).people[0].most == 1
    other.does(other.tap(), "closed", tags=[])
    here.later(minutes=5)
    assert run(here)["told"] == 2
    assert body(here).people[0].most == 0
    assert [each.asset for each in body(here).people[0].loans] == ["drill-2"]


def test_what_is_in_flight_is_not_lent_alone(here: World) -> None:
    stage(here).tap()
    run(here)
    assert body(here).doors == {}


def test_a_roster_stays_on_record_for_its_reports(here: World) -> None:
    stage(here)
    run(here)
    version = manifest(here)["version"]
    issued = find_issued(ORG, "hq-01", version)
    assert issued is not None
    assert (issued.made_at, issued.ends_at) == (NOW, NOW + timedelta(days=1))
    assert find_issued(ORG, "hq-02", version) is None


def test_what_is_retained_for_a_revoked_bank_is_taken_back_once(here: World) -> None:
    stage(here)
    run(here)
    here.revoke()
    here.later(minutes=5)
    assert run(here)["forgotten"] == 1
    assert here.retained == {"hq-01": b""}
    here.later(minutes=5)
    assert run(here)["forgotten"] == 0


def test_a_bank_that_was_enrolled_anew_gets_a_roster_under_its_new_key(here: World) -> None:
    stage(here)
    run(here)
    again = load_bank(ORG, "hq-01")
    mapping.bank_item(ORG, replace(again, generation=2)).save()
    here.later(minutes=1)
    assert run(here)["told"] == 1
    assert manifest(here, generation=2)["aud"] == "acme:hq-01"


@pytest.mark.parametrize("state", [BankState.PLANNED, BankState.REVOKED])
def test_a_bank_that_is_not_in_service_gets_none(here: World, state: BankState) -> None:
    here.place(bank(state=state), stowed={1: drill()})
    assert run(here)["told"] == 0
    assert here.retained == {}


def test_what_there_is_no_time_for_is_left_to_the_next_run_which_begins_with_it(here: World) -> None:
    stage(here)
    here.place(bank(id="hq-02"))
    left = iter([60.0, 10.0])
    done = renew_rosters.handle(ORG, now=here.now, time_left_s=lambda: next(left))
    assert (done["told"], done["left_for_next_run"]) == (1, 1)
    here.later(minutes=5)
    assert run(here)["told"] == 1
    assert here.retained.keys() == {"hq-01", "hq-02"}
