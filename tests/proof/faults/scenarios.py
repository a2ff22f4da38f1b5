"""All scenarios, by the stage they play on."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from tests.proof.faults import (
    agreeing,
    alerted,
    alone,
    at_banks,
    between_people,
    beyond_the_bank,
    boards,
    breaking,
    by_link,
    from_hand_to_hand,
    healed,
    in_turn,
    kept,
    over_http,
    overriding,
    persons,
    reacting,
    reported,
    resolving,
    timely,
    with_answers,
    with_kits,
    with_others,
    with_pins,
    with_terms,
)
from tests.proof.faults.stage import Stage, staged
from tests.proof.faults.story import Scenario

WAITED_FOR = (
    at_banks.take,
    at_banks.give_back,
    at_banks.signed_again,
    at_banks.nothing_left,
    at_banks.unused_grant_in_the_way,
    at_banks.no_room_to_return,
    at_banks.unknown_badge,
    at_banks.badge_elsewhere,
    at_banks.screen,
    at_banks.pick_a_take,
    at_banks.pick_a_return,
    at_banks.pick_while_a_grant_lapses,
    at_banks.pick_again,
    at_banks.pick_what_is_gone,
    at_banks.pick_on_an_old_screen,
    at_banks.pick_after_a_take_elsewhere,
    at_banks.pick_with_a_badge_revoked_meanwhile,
    at_banks.pick_at_a_bank_revoked_meanwhile,
    at_banks.said_before,
    at_banks.overtaken_again_and_again,
    at_banks.overtaken_at_the_screen,
    at_banks.not_taken,
    at_banks.not_put_in,
    *with_pins.AT_BANKS,
    *with_answers.AT_BANKS,
    *with_kits.AT_BANKS,
    *between_people.AT_BANKS,
    *with_others.AT_BANKS,
    *with_terms.AT_BANKS,
    *from_hand_to_hand.AT_BANKS,
    *beyond_the_bank.AT_BANKS,
    *agreeing.AT_BANKS,
)
DOORS = (
    reported.opened,
    reported.taken,
    reported.untouched,
    reported.wrong_thing,
    reported.returned,
    reported.returned_with_another,
    reported.jammed,
    reported.expired,
    reported.left_open,
    reported.closed_after_left_open,
    reported.forced,
    reported.late,
    reported.of_a_revoked_bank,
    reported.of_an_unknown_bank,
    reported.of_an_unknown_door,
    reported.beyond_the_contract,
    reported.forced_where_no_site_is,
    reported.opened_from_afar,
    reported.seen_at_another_bank,
    reported.told_with_an_old_rule_book,
    *with_kits.REPORTED,
    *beyond_the_bank.REPORTED,
    *timely.DOORS,
    *alone.DOORS,
)
REST = (
    reported.status,
    reported.status_with_a_wrong_clock,
    reported.status_of_an_older_boot,
    reported.status_after_a_boot,
    *healed.AT_REST,
    reported.alarm,
    reported.alarm_of_a_revoked_bank,
    reported.bad_status,
    reported.bad_alarm,
    reported.bad_fault,
    reported.fault,
    reported.fault_of_an_unknown_thing,
    reported.fault_with_a_photo_and_a_grant,
    reported.fault_in_a_session,
    reported.fault_of_a_loan_whose_door_has_moved_on,
)

KEPT = (
    kept.grants_without_a_report,
    kept.a_loan_is_late,
    kept.a_notice_is_left,
    kept.a_roster_is_left,
    kept.a_bank_falls_silent,
    kept.reports_are_missing,
    kept.the_first_anchor,
    kept.the_next_anchor,
    kept.by_slack,
    kept.by_mail,
    kept.about_a_case,
    kept.a_sign_in,
    kept.a_digest_is_due,
    kept.a_mail_comes_back,
    kept.a_digest_comes_back,
    kept.a_site_hears_of_its_day,
    kept.an_owner_hears_of_their_week,
    *healed.KEPT,
    *alerted.KEPT,
    *in_turn.KEPT,
    *breaking.KEPT,
    *by_link.KEPT,
    *timely.KEPT,
    *alone.KEPT,
    *agreeing.KEPT,
)
ON_RECORD = (
    *healed.OVER_HTTP,
    *alerted.OVER_HTTP,
    *resolving.OVER_HTTP,
    *agreeing.OVER_HTTP,
    *overriding.OVER_HTTP,
    *persons.OVER_HTTP,
    *reacting.OVER_HTTP,
)
ENROLMENT = (over_http.enrol, over_http.enrol_without_a_key, over_http.enrol_anew)


@dataclass(frozen=True)
class Group:
    """Scenarios that play on one stage, one after the other."""

    name: str
    staged: Callable[[], AbstractContextManager[Stage]]
    scenarios: Sequence[Scenario]


GROUPS = (
    Group(
        "banks",
        partial(staged, filled=False),
        [
            *(Scenario(scene.__name__, scene, custody=True) for scene in WAITED_FOR),
            *(Scenario(scene.__name__, reported.reporting(scene), custody=True) for scene in DOORS),
            *(Scenario(scene.__name__, reported.reporting(scene), custody=True) for scene in healed.MENDED),
            *(Scenario(scene.__name__, reported.reporting(scene)) for scene in REST),
            Scenario("time", at_banks.time),
            Scenario("fetch", alone.fetch),
        ],
    ),
    Group(
        "kept",
        partial(staged, filled=False),
        [
            *(Scenario(scene.__name__, scene) for scene in KEPT),
            *(Scenario(scene.__name__, scene, custody=True) for scene in timely.CUSTODY),
        ],
    ),
    Group(
        "custody over http",
        partial(staged, filled=False, **over_http.SETTINGS),
        [
            *(
                Scenario(scene.__name__, scene, custody=True)
                for scene in (
                    *over_http.CUSTODY,
                    *between_people.OVER_HTTP,
                    *beyond_the_bank.OVER_HTTP,
                    *resolving.CUSTODY,
                )
            ),
            *(Scenario(scene.__name__, scene) for scene in (*ENROLMENT, *boards.SCENES, *ON_RECORD)),
        ],
    ),
    Group(
        "slack",
        partial(staged, filled=False, SLACK_SECRET="slack", TOOLCRIB_ORG="acme"),
        [Scenario(scene.__name__, scene) for scene in reacting.IN_SLACK],
    ),
    Group(
        "routes",
        partial(staged, filled=True, **over_http.SETTINGS),
        [
            *(Scenario(scene.__name__, scene) for scene in (*over_http.OTHERS, *with_pins.OVER_HTTP)),
            *(Scenario(name, scene) for name, scene in over_http.ROUTE_SCENES.items()),
        ],
    ),
)
