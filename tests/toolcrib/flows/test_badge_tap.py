"""A badge at a reader: exactly one answer, once committed; the rules judge, the bank's mode decides how it is said."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.outcomes import GONE, TAG, beside, lend, stage
from tests.support.workplace import (
    CREW,
    FALLBACK,
    ORG,
    OTHER_TOKEN,
    TOKEN,
    bank,
    drill,
    person,
    rules,
    site,
)
from tests.support.world import World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import BankState, Mode
from toolcrib.domain.people import Badge, BadgeState, LastTake
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.store import mapping

STRANGERS_TOKEN = "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc"
SAW = AssetType(id="saw", name="Saw", category="tools")


def revoke(here: World, bank_id: str = "hq-01") -> None:
    mapping.bank_item(ORG, bank(id=bank_id, state=BankState.REVOKED)).save()


# --- what opens ---


def test_the_only_thing_on_offer_opens_at_once_with_a_command_that_the_bank_obeys(here: World) -> None:
    hq = stage(here)
    answer = hq.tap()
    now = int(here.now.timestamp())
    assert answer.claims == {
        "jti": answer.grant,
        "aud": "acme:hq-01",
        "door": 1,
        "purpose": "take",
        "re": answer.body["re"],
        "iat": now,
        "exp": now + 30,
    }


def test_a_tap_is_answered_by_what_names_it_and_commits_before_it_opens(here: World) -> None:
    hq = stage(here)
    answer = hq.tap()
    assert here.grant().id == answer.grant
    assert here.loan(answer.grant).state == "pending"
    assert here.person().holdings[answer.grant].state == "pending"


def test_nothing_opens_when_the_record_could_not_be_written(here: World) -> None:
    hq = stage(here)
    assert here.dynamo is not None
    here.dynamo.before.append(_refuses_transactions)
    with pytest.raises(Exception, match="Failed to write"):
        hq.tap()
    here.dynamo.before.clear()
    assert here.published == []
    assert here.grant_or_none() is None


@pytest.mark.parametrize("mode", [Mode.EXPRESS, Mode.KIOSK])
def test_one_open_loan_that_may_come_back_opens_a_door_for_its_return(here: World, mode: Mode) -> None:
    hq, loan = lend(here, mode=mode)
    answer = hq.tap()
    assert (answer.claims["purpose"], answer.grant.split(".")[0]) == ("return", loan)


def test_express_returns_before_it_lends_and_what_is_due_first_comes_first(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    first = hq.tap()
    hq.does(first, "closed", tags=[])
    beside(here, drill(3), number=1)
    here.later(minutes=1)
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(4)})
    choice = other.choose(other.tap(), "take:drill")
    other.does(choice, "closed", tags=[])
    back = hq.tap()
    assert back.grant.split(".")[0] == first.grant


def test_express_does_not_choose_between_types(here: World) -> None:
    rules(SAW)
    hq = stage(here)
    beside(here, drill(2, type="saw"), number=2)
    assert hq.tap().code == "choose_at_kiosk"


def test_of_one_type_the_unit_that_lay_here_longest_is_taken_and_on_a_tie_the_lowest_door(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=3)
    beside(here, drill(3), number=2)
    assert hq.tap().door == 1
    here.meet(person(2), OTHER_TOKEN)
    assert hq.tap(OTHER_TOKEN).door == 2


def test_the_smallest_free_door_that_takes_it_is_opened_for_a_return(here: World) -> None:
    _, _ = lend(here)
    here.place(bank(id="hq-02"), doors=1, size="S")
    large = here.place(bank(id="hq-03"), doors=2, size="L")
    assert here.bank("hq-02").tap().code == "not_here"
    assert large.tap().door == 1


def test_a_kiosk_shows_what_can_be_done_where_there_is_a_choice(here: World) -> None:
    rules(SAW)
    hq = stage(here, mode=Mode.KIOSK)
    beside(here, drill(2, type="saw", name="Saw 2"), number=2)
    shown = hq.tap()
    assert shown.kind == "session"
    assert [(option["option"], option["title"]) for option in shown.body["options"]] == [
        ("take:drill", "Take Cordless drill"),
        ("take:saw", "Take Saw"),
    ]
    assert shown.body["person"] == {"display": "Person 1.", "language": "en"}
    assert shown.body["expires_at"] == "2026-11-20T09:02:00Z"
    assert here.grant_or_none() is None


def test_a_kiosk_shows_why_something_cannot_be_taken(here: World) -> None:
    rules(replace(CREW, grants=()))
    hq = stage(here, mode=Mode.KIOSK)
    shown = hq.tap()
    assert (shown.kind, shown.body["options"]) == ("session", [])
    assert [refusal["code"] for refusal in shown.body["refusals"]] == ["no_access"]


# --- what does not ---


@pytest.mark.parametrize("mode", [Mode.EXPRESS, Mode.KIOSK])
def test_an_empty_bank_has_nothing_for_anybody(here: World, mode: Mode) -> None:
    hq = here.place(bank(mode=mode))
    here.meet(person(), TOKEN)
    assert hq.tap().code == "nothing_available"


def test_a_badge_that_nobody_has_opens_nothing(here: World) -> None:
    hq = stage(here)
    answer = hq.tap(STRANGERS_TOKEN)
    assert (answer.code, answer.body["level"]) == ("badge_unknown", "error")


def test_a_badge_of_somebody_who_is_not_there_opens_nothing(here: World) -> None:
    hq = stage(here)
    mapping.badge_item(ORG, Badge(id=STRANGERS_TOKEN, person="gone")).save()
    assert hq.tap(STRANGERS_TOKEN).code == "badge_unknown"


def test_while_keys_rotate_either_token_will_do(here: World) -> None:
    assert stage(here).tap(STRANGERS_TOKEN.replace("1.", "2."), TOKEN).kind == "open"


def test_a_revoked_badge_is_nobody_not_even_for_a_return(here: World) -> None:
    hq, _ = lend(here)
    mapping.badge_item(ORG, Badge(id=TOKEN, person="p-1", state=BadgeState.REVOKED)).save()
    assert hq.tap().code == "badge_revoked"


def test_a_revoked_bank_opens_nothing(here: World) -> None:
    hq = stage(here)
    revoke(here)
    assert hq.tap().code == "bank_revoked"


def test_a_bank_that_nobody_described_opens_nothing(here: World) -> None:
    here.meet(person(), TOKEN)
    assert here.bank("hq-77").tap().code == "bank_revoked"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"active": False}, "person_frozen"),
        ({"valid_from": timedelta(hours=1)}, "person_not_yet_valid"),
        ({"valid_until": timedelta(hours=-1)}, "person_expired"),
        ({"groups": ()}, "no_access"),
    ],
)
def test_the_rules_words_say_why_nothing_may_be_taken(here: World, who: dict[str, Any], code: str) -> None:
    hq = stage(here)
    given: Any = {key: here.now + value if isinstance(value, timedelta) else value for key, value in who.items()}
    here.change_person(person(**given))
    answer = hq.tap()
    assert (answer.code, answer.body["level"]) == (code, "warn")
    assert answer.body["text"]


def test_allowance_counts_pending_takes_at_other_banks(here: World) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    stage(here).tap()
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    assert other.tap().code == "allowance_reached"


def test_what_was_only_last_seen_with_somebody_is_no_loan_of_theirs(here: World) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    hq = stage(here, capacity=2)
    other = beside(here, drill(2))
    hq.does(hq.tap(), "closed", tags=[TAG])
    assert f"x.{other.id}" in here.person().holdings
    kiosk = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(3)})
    assert "take:drill" in [option["option"] for option in kiosk.tap().body["options"]]


def test_a_full_bank_names_the_nearest_one_with_room_that_of_the_same_site_first(here: World) -> None:
    rules(site(id="dock"))
    _, _ = lend(here)
    full = here.place(bank(id="hq-09"), doors=1, stowed={1: drill(9)})
    here.place(bank(id="aa-dock", site="dock", name="The dock"), doors=1)
    answer = full.tap()
    assert answer.code == "not_here"
    assert "hq-01 has a free door" in answer.body["text"]


def test_where_no_bank_has_room_a_person_helps(here: World) -> None:
    hq = here.place(bank(), doors=1, stowed={1: drill(1)})
    here.meet(person(), TOKEN)
    hq.does(hq.tap(), "closed", tags=[])
    beside(here, drill(2))
    here.later(minutes=5)
    assert "Ask your supervisor where to leave it" in hq.tap().body["text"]


def test_a_full_kiosk_says_so_instead_of_showing_an_empty_screen(here: World) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    _, _ = lend(here)
    full = here.place(bank(id="hq-09", mode=Mode.KIOSK), doors=1, stowed={1: drill(9)})
    assert full.tap().code == "not_here"


def test_a_kiosk_with_something_to_take_shows_what_it_has_no_room_for(here: World) -> None:
    rules(SAW)
    _, _ = lend(here)
    full = here.place(bank(id="hq-09", mode=Mode.KIOSK), doors=2, stowed={1: drill(9), 2: drill(8, type="saw")})
    shown = full.tap()
    assert [refusal["code"] for refusal in shown.body["refusals"]] == ["not_here"]


# --- the same grant again ---


def test_a_second_tap_signs_the_same_unused_grant_for_the_new_tap(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    here.later(seconds=10)
    second = hq.tap()
    assert (second.grant, second.door) == (first.grant, first.door)
    assert second.claims["re"] == second.body["re"] != first.body["re"]
    assert here.how_many("LOAN") == 1


@pytest.mark.parametrize("after_s", [0, 1, 15, 29, 30, 31, 45, 59])
def test_a_second_signature_never_outlives_a_minute_after_it_was_authorised_nor_30_s(here: World, after_s: int) -> None:
    hq = stage(here)
    first = hq.tap()
    authorised_s = int(here.now.timestamp())
    here.later(seconds=after_s)
    second = hq.tap(depth=1)  # with nothing left to report it would prove, after 31 s, that the first is over
    claims = second.claims
    assert second.grant == first.grant
    assert claims["exp"] - claims["iat"] <= 30
    assert claims["exp"] <= authorised_s + 60


def test_a_minute_after_it_was_authorised_it_is_not_signed_again(here: World) -> None:
    hq = stage(here)
    first = hq.tap(depth=1)
    here.later(seconds=60)
    again = hq.tap(depth=1)
    assert again.grant != first.grant
    assert again.claims["purpose"] == "return"


def test_fractions_of_a_second_do_not_lengthen_a_command(here: World) -> None:
    hq = stage(here)
    here.later(milliseconds=999)
    claims = hq.tap().claims
    assert claims["exp"] - claims["iat"] <= 30


def test_two_taps_that_overtook_each_other_sign_no_longer_command(here: World) -> None:
    hq = stage(here)
    here.later(seconds=5)
    hq.tap()
    here.later(seconds=-4)
    claims = hq.tap().claims
    assert claims["exp"] - claims["iat"] <= 30


def test_an_opened_grant_is_not_signed_again(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    hq.does(first, "opened")
    assert hq.tap(depth=1).code == "nothing_available"


def test_another_persons_grant_is_not_signed_for_me(here: World) -> None:
    hq = stage(here)
    hq.tap()
    here.meet(person(2), OTHER_TOKEN)
    assert hq.tap(OTHER_TOKEN).code == "nothing_available"


def test_a_take_of_somebody_who_was_frozen_since_is_not_signed_again_but_a_return_is(here: World) -> None:
    hq = stage(here)
    hq.tap()
    here.change_person(person(active=False))
    assert hq.tap().kind == "notice"
    here.change_person(person())
    hq.does(hq.tap(), "closed", tags=[])
    here.later(minutes=1)
    back = hq.tap()
    here.change_person(person(active=False))
    assert hq.tap().grant == back.grant


def test_a_grant_at_another_bank_is_not_signed_here(here: World) -> None:
    stage(here).tap()
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    assert other.tap().claims["aud"] == "acme:hq-02"


# --- proof of non-use ---


def test_a_tap_after_the_signature_ended_with_nothing_left_to_report_frees_the_door(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    here.later(seconds=62)
    second = hq.tap(depth=0)
    assert here.loan(first.grant).state == "void"
    assert (second.claims["purpose"], second.door, second.grant != first.grant) == ("take", 1, True)


@pytest.mark.parametrize(
    ("says", "tap", "seconds"),
    [
        ("reports are still out", {"depth": 1}, 62),
        ("it was from before the end of the signature", {"depth": 0}, 30),
        ("it is within the second that signatures are cut to", {"depth": 0}, 31),
        ("it was long under way", {"depth": 0, "age_ms": 9_000}, 39),
    ],
)
def test_a_tap_proves_nothing_when(here: World, says: str, tap: dict[str, Any], seconds: int) -> None:
    hq = stage(here)
    first = hq.tap()
    here.meet(person(2), OTHER_TOKEN)
    here.later(seconds=seconds)
    assert hq.tap(OTHER_TOKEN, **tap).code == "nothing_available", says
    assert here.loan(first.grant).state == "pending"


def test_after_a_reboot_a_tap_proves_nothing_until_its_boot_report_came(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    here.meet(person(2), OTHER_TOKEN)
    here.later(seconds=62)
    hq.reboot()
    assert hq.tap(OTHER_TOKEN).code == "nothing_available"
    hq.send(hq.status({2: "closed"}, journal_depth=1))
    assert here.loan(first.grant).state == "pending"
    assert hq.tap(OTHER_TOKEN, depth=0).kind == "open"
    assert here.loan(first.grant).state == "void"


def test_somebody_elses_tap_proves_it_as_well(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    here.meet(person(2), OTHER_TOKEN)
    here.later(seconds=62)
    assert hq.tap(OTHER_TOKEN).kind == "open"
    assert here.loan(first.grant).state == "void"
    assert here.person().holdings == {}


def test_a_tap_at_another_bank_proves_nothing_of_this_one(here: World) -> None:
    first = stage(here).tap()
    other = here.place(bank(id="hq-02"))
    here.meet(person(2), OTHER_TOKEN)
    here.later(seconds=62)
    other.tap(OTHER_TOKEN)
    assert here.loan(first.grant).state == "pending"


def test_an_opened_grant_is_not_freed_by_any_proof(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    hq.does(first, "opened")
    here.later(minutes=5)
    hq.tap(depth=0)
    hq.send(hq.status({1: "closed"}))
    assert here.loan(first.grant).state == "pending"


def test_a_freed_return_leaves_its_loan_open_and_another_door_is_not_needed(here: World) -> None:
    hq, loan = lend(here)
    first = hq.tap()
    here.later(seconds=62)
    second = hq.tap()
    assert (second.door, here.loan(loan).state) == (first.door, "open")


# --- suspicions ---


def test_five_unknown_badges_within_a_minute_are_an_alarm_once(here: World) -> None:
    hq = stage(here)
    for taps in range(1, 8):
        hq.tap(STRANGERS_TOKEN)
        assert [case.kind for case in here.cases()] == (["unknown_badges"] if taps >= 5 else [])
        here.later(seconds=5)


def test_four_unknown_badges_in_a_minute_and_one_later_are_none(here: World) -> None:
    hq = stage(here)
    for _ in range(4):
        hq.tap(STRANGERS_TOKEN)
    here.later(seconds=60)
    hq.tap(STRANGERS_TOKEN)
    assert here.cases() == []


def test_a_badge_at_two_sites_faster_than_anybody_travels_is_refused_and_a_case(here: World) -> None:
    rules(site(id="dock"))
    hq = stage(here)
    beside(here, drill(5), number=2)
    hq.does(hq.tap(), "closed", tags=[])
    dock = here.place(bank(id="dock-01", site="dock"), stowed={1: drill(2)}, doors=1)
    here.later(minutes=4)
    for _ in range(2):
        answer = dock.tap()
    assert answer.code in {"badge_elsewhere", "not_here"}
    assert [(case.kind, case.person, case.site) for case in here.cases()] == [("badge_elsewhere", "p-1", "dock")]


def test_five_minutes_later_the_same_badge_is_plausible(here: World) -> None:
    rules(site(id="dock"))
    stage(here)
    dock = here.place(bank(id="dock-01", site="dock"), stowed={1: drill(2)})
    mapping.person_item(ORG, person(last_take=LastTake(site="hq", at=here.now - timedelta(minutes=5)))).save()
    assert dock.tap().kind == "open"
    assert here.cases() == []


# --- budgets ---


@pytest.mark.parametrize("evidence", GONE)
def test_a_tap_takes_three_round_trips_one_of_them_a_transaction_of_three(here: World, evidence: str) -> None:
    hq = stage(here, evidence)
    hq.tap(STRANGERS_TOKEN)  # the rule book is known from here on
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    hq.tap()
    calls = [operation for operation, _ in here.dynamo.calls]
    assert sorted(calls[:2]) == ["BatchGetItem", "Query"]  # at the same time
    assert calls[2:] == ["GetItem", "TransactWriteItems"]
    assert len(here.dynamo.calls[3][1]["TransactItems"]) == 3


def _refuses_transactions(operation: str, _request: dict[str, Any]) -> None:
    from botocore.exceptions import EndpointConnectionError

    if operation == "TransactWriteItems":
        raise EndpointConnectionError(endpoint_url="https://dynamodb")
