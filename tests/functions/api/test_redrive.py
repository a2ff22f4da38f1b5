"""A notice that was given up is tried anew; nobody but an administrator has that done."""

from collections.abc import Iterator

import pytest

from tests.support.http import Client, enter
from tests.support.stories import a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, person, put_person, rules, site
from toolcrib.domain.notices import NoticeState
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice
from toolcrib.store.tables import connection


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(), FALLBACK)
        put_person(person())
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        enter("admin", "admin")
        enter("sue", "supervisor", sites=("hq",))
        yield


def put(state: NoticeState, **more: object) -> None:
    mapping.notice_item(ORG, a_notice(state=state, site="hq", attempts=9, last_error="no_address", **more)).save()


def test_what_was_given_up_begins_anew() -> None:
    put(NoticeState.GIVEN_UP)
    first = Client("admin").post("/notices/notice-1/redrive", {})
    assert (first.status, first.json["state"], first.json["attempts"]) == (200, "pending", 0)
    notice = load_notice(ORG, "notice-1")
    assert (notice.state, notice.last_error, notice.first_tried_at) == (NoticeState.PENDING, None, None)
    assert mapping.notice_item(ORG, notice).agenda_at is not None
    again = Client("admin").post("/notices/notice-1/redrive", {})
    assert (again.status, load_notice(ORG, "notice-1").version) == (200, notice.version)


@pytest.mark.parametrize("state", sorted(set(NoticeState) - {NoticeState.GIVEN_UP, NoticeState.PENDING}))
def test_what_nobody_waits_for_is_left_alone(state: NoticeState) -> None:
    put(state)
    answer = Client("admin").post("/notices/notice-1/redrive", {})
    assert (answer.status, answer.json["code"]) == (409, "not_waiting")
    assert load_notice(ORG, "notice-1").version == 1


def test_a_supervisor_may_not() -> None:
    put(NoticeState.GIVEN_UP)
    assert Client("sue").post("/notices/notice-1/redrive", {}).status == 403


def test_an_unknown_one_is_404() -> None:
    assert Client("admin").post("/notices/nobody/redrive", {}).status == 404
