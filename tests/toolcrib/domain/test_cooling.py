"""Nobody is told more than the cooldown allows; what is urgent, or of no use later, does not wait for it."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stories import DUE, a_notice
from toolcrib.domain.cooling import LEASH, by_site, cools, in_time, not_told, turn, waits_until
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.pacing import Pace
from toolcrib.domain.policies import COOLDOWN, Site, To

NOW, MINUTE = DUE, timedelta(minutes=1)
SITES = {"hq": Site(id="hq", name="HQ", time_zone="UTC", cooldown=20 * MINUTE)}
COOL = by_site(SITES)


def late(**more: Any) -> Notice:
    return a_notice(**{"site": "hq", "to": To.SUPERVISOR, "recipient": "p-9", **more})


def reminder(**more: Any) -> Notice:
    return a_notice(**{"site": "hq", "step": "-PT30M", **more})


def went(pace: Pace, notice: Notice, at: datetime = NOW) -> Pace:
    asked = turn(pace, notice, (notice,), COOL, at)
    assert asked.now
    return asked.pace


@pytest.mark.parametrize("state", [NoticeState.PENDING, NoticeState.SENDING])
def test_whatever_state_it_is_in_it_is_judged_the_same(state: NoticeState) -> None:
    assert cools(late(state=state))
    assert not cools(late(state=state, urgent=True))
    assert cools(late(state=state, loan=None, parts=("n-1", "n-2")))


@pytest.mark.parametrize("asked", [{"due_version": None}, {"loan": None, "authorisation": "a-1"}])
def test_what_one_person_asks_of_another_is_not_part_of_it(asked: dict[str, Any]) -> None:
    assert not cools(late(**asked))
    pace = went(Pace(), late())
    assert went(pace, late(id="n-2", **asked)) == pace


@pytest.mark.parametrize(
    ("notice", "timely"),
    [
        (reminder(), True),
        (reminder(step="PT0S"), True),
        (reminder(step="PT15M"), False),
        (reminder(to=To.SUPERVISOR), False),
        (reminder(due_version=None), False),
        (reminder(step="digest", loan=None, due_version=None), False),
    ],
)
def test_a_reminder_to_the_holder_up_to_the_due_time_is_in_time(notice: Notice, *, timely: bool) -> None:
    assert in_time(notice) is timely


def test_after_a_message_the_next_one_waits_for_the_sites_cooldown() -> None:
    pace = went(Pace(), late())
    asked = turn(pace, late(id="n-2"), (late(id="n-2"),), COOL, NOW + MINUTE)
    assert (asked.now, asked.at, asked.pace) == (False, NOW + 20 * MINUTE, pace)
    assert turn(pace, late(id="n-2"), (late(id="n-2"),), COOL, NOW + 20 * MINUTE).now


def test_a_site_that_is_gone_has_the_usual_cooldown() -> None:
    assert by_site({})(late()) == COOLDOWN
    assert by_site(SITES)(late(site=None)) == COOLDOWN


def test_a_message_whose_fate_nobody_knows_has_its_own_cooldown() -> None:
    """Its sender died: it is not held back by what it began itself."""
    pace = went(Pace(), late())
    assert turn(pace, late(), (late(),), COOL, NOW + 3 * MINUTE).now


def test_one_that_failed_lets_the_others_come_with_it() -> None:
    pace = not_told(went(Pace(), late()), "notice-1", (late(),), NOW + 8 * MINUTE)
    assert waits_until(pace, [late(id="n-2")], COOL, NOW + MINUTE) == NOW + 8 * MINUTE
    digest = late(id="d-1", step="digest", loan=None, due_version=None, parts=("notice-1", "n-2"))
    assert went(pace, digest, NOW + 8 * MINUTE).told_by == "d-1"


def test_one_that_failed_takes_nothing_back_from_who_came_after_it() -> None:
    pace = went(went(Pace(), late()), late(id="n-2"), NOW + 20 * MINUTE)
    assert not_told(pace, "notice-1", (late(),), NOW + 60 * MINUTE) == pace


def test_a_reminder_waits_for_reminders_only_and_not_for_long() -> None:
    pace = went(went(Pace(), late()), reminder(id="n-2"))
    assert waits_until(pace, [reminder(id="n-3")], COOL, NOW) == NOW + LEASH
    assert waits_until(pace, [late(id="n-3")], COOL, NOW) == NOW + 20 * MINUTE


def test_a_digest_of_both_waits_for_both() -> None:
    pace = went(Pace(), late())
    assert waits_until(pace, [reminder(id="n-2"), late(id="n-3")], COOL, NOW) == NOW + 20 * MINUTE


WISHES = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["late", "reminder", "urgent", "both"]), st.booleans()), max_size=40
)


@given(WISHES)
def test_nobody_gets_more_than_the_cooldown_allows(wishes: list[tuple[int, str, bool]]) -> None:
    """Whatever comes when, and whatever fails: between two messages lies the cooldown, or a reminder's leash."""
    pace, now = Pace(), NOW
    ordinary: list[datetime] = []
    reminders: list[datetime] = []
    for number, (pause, kind, fails) in enumerate(wishes):
        now += pause * MINUTE
        name = f"n-{number}"
        told = {
            "late": (late(id=name),),
            "urgent": (late(id=name, urgent=True),),
            "reminder": (reminder(id=name),),
            "both": (late(id=f"{name}a"), reminder(id=f"{name}b")),
        }[kind]
        message = told[0] if len(told) == 1 else late(id=name, loan=None, due_version=None, parts=("a", "b"))
        asked = turn(pace, message, told, COOL, now)
        assert asked.now or asked.at > now
        assert asked.now or kind != "urgent"
        pace = asked.pace
        if asked.now and fails:
            pace = not_told(pace, name, told, now + MINUTE)
        elif asked.now and kind != "urgent":
            reminders += [now] if any(map(in_time, told)) else []
            ordinary += [] if all(map(in_time, told)) else [now]
    assert all(later - earlier >= 20 * MINUTE for earlier, later in pairwise(ordinary))
    assert all(later - earlier >= LEASH for earlier, later in pairwise(reminders))
