"""Lists: pages, cursors, filters; one Query a page (design.md, *Speed and cost budgets*)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support import orgs
from tests.support.http import Client, enter, tables_at_hand
from tests.support.workplace import NOW, ORG
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.people import Person
from toolcrib.store import mapping
from toolcrib.store.tables import connection

MANY = 230


@pytest.fixture(scope="module")
def crowd() -> Iterator[Client]:
    """So many people, loans, cases and notices; every tenth at the dock, every other loan closed."""
    with tables_at_hand() as dynamo:
        enter("admin", "admin")
        enter("supervisor", "supervisor", sites=("dock",))
        enter("other", "admin")
        connection()
        for number in range(MANY):
            name, site = f"n{number:03}", "dock" if number % 10 == 0 else "hq"
            mapping.person_item(ORG, Person(id=name, name=name, site=site)).save()
            closed = {"state": LoanState.CLOSED, "returned_at": NOW + timedelta(minutes=number)}
            more = closed if number % 2 else {"due_at": NOW + timedelta(minutes=number)}
            mapping.loan_item(ORG, orgs.loan(name, site, person=f"n{number % 5:03}", **more)).save()
            state = CaseState.RESOLVED if number % 2 else CaseState.OPEN
            case = Case(
                id=name, kind=CaseKind.JAMMED, opened_at=NOW + timedelta(minutes=number), state=state, site=site
            )
            mapping.case_item(ORG, case).save()
            sent = NoticeState.SENT if number % 2 else NoticeState.PENDING
            mapping.notice_item(ORG, orgs.notice(name, site, due_at=NOW - timedelta(minutes=number), state=sent)).save()
        yield Client(dynamo=dynamo, at=NOW + timedelta(minutes=100))


def walk(client: Client, path: str, limit: int) -> list[str]:
    """Follow a list to its end and return the ids in order."""
    found: list[str] = []
    cursor, mark = "", "&" if "?" in path else "?"
    for _ in range(MANY):
        page = client.get(f"{path}{mark}limit={limit}{cursor}").json
        assert len(page["items"]) <= limit
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("limit", [7, 50, 99, 100])
def test_every_page_follows_the_one_before_without_gap_or_repeat(crowd: Client, limit: int) -> None:
    assert walk(crowd, "/people", limit) == [f"n{number:03}" for number in range(MANY)]


def test_a_page_of_a_hundred_is_one_query(crowd: Client) -> None:
    for path in ("/people", "/loans?state=open", "/loans?state=closed", "/cases?state=open", "/notices", "/policies"):
        crowd.dynamo.calls.clear()
        crowd.get(f"{path}{'&' if '?' in path else '?'}limit=100")
        assert [operation for operation, _ in crowd.dynamo.calls] == ["GetItem", "Query"], path


def test_the_last_page_says_so(crowd: Client) -> None:
    first = crowd.get("/people?limit=100").json
    second = crowd.get(f"/people?limit=100&cursor={first['next_cursor']}").json
    third = crowd.get(f"/people?limit=30&cursor={second['next_cursor']}").json
    assert (len(third["items"]), third["next_cursor"]) == (30, None)


def test_a_cursor_is_of_its_list_its_filter_and_its_principal(crowd: Client) -> None:
    cursor = crowd.get("/people?limit=1").json["next_cursor"]
    loans = crowd.get("/loans?limit=1&state=open").json["next_cursor"]
    other = Client("other", dynamo=crowd.dynamo)
    for client, path in (
        (crowd, f"/loans?cursor={cursor}"),
        (crowd, f"/loans?state=closed&cursor={loans}"),
        (crowd, f"/loans?cursor={loans}"),
        (crowd, f"/people?cursor={cursor}x"),
        (crowd, f"/people?cursor={cursor[:-2]}"),
        (crowd, "/people?cursor=x"),
        (crowd, "/people?cursor="),
        (crowd, "/people?cursor=%C3%A4"),
        (other, f"/people?cursor={cursor}"),
        (crowd, f"/people/n001/loans?cursor={crowd.get('/people/n002/loans?limit=1').json['next_cursor']}"),
    ):
        reply = client.get(path)
        assert (reply.status, reply.json["errors"][0]["field"]) == (400, "cursor"), path


def test_the_length_of_a_page_may_change_underway(crowd: Client) -> None:
    cursor = crowd.get("/people?limit=1").json["next_cursor"]
    assert len(crowd.get(f"/people?limit=9&cursor={cursor}").json["items"]) == 9


def test_a_supervisor_walks_through_their_own_sites_only(crowd: Client) -> None:
    supervisor = Client("supervisor", dynamo=crowd.dynamo)
    for path in ("/people", "/loans", "/cases", "/notices"):
        assert sorted(walk(supervisor, path, 4)) == [f"n{number:03}" for number in range(0, MANY, 10)], path


def test_a_supervisor_cannot_widen_their_view_with_a_filter(crowd: Client) -> None:
    supervisor = Client("supervisor", dynamo=crowd.dynamo)
    assert supervisor.get("/loans?site=hq").json == {"items": [], "next_cursor": None}
    assert len(supervisor.get("/loans?site=dock&limit=100").json["items"]) == MANY // 10


def test_open_loans_come_by_due_time_and_closed_ones_latest_first(crowd: Client) -> None:
    by_due = [f"n{number:03}" for number in range(0, MANY, 2)]
    latest = [f"n{number:03}" for number in reversed(range(1, MANY, 2))]
    assert walk(crowd, "/loans?state=open", 40) == by_due
    assert walk(crowd, "/loans?state=closed", 40) == latest
    assert walk(crowd, "/loans", 40) == by_due + latest


def test_overdue_are_the_open_ones_past_due(crowd: Client) -> None:
    overdue = [f"n{number:03}" for number in range(0, 100, 2)]
    assert walk(crowd, "/loans?state=overdue", 40) == overdue
    marked = [item["id"] for item in crowd.get("/loans?limit=100").json["items"] if item["overdue"]]
    assert marked == overdue
    assert not any(item["overdue"] for item in crowd.get("/loans?state=closed").json["items"])


def test_a_persons_loans_are_theirs(crowd: Client) -> None:
    found = walk(crowd, "/people/n003/loans", 10)
    assert sorted(found) == [f"n{number:03}" for number in range(3, MANY, 5)]
    assert found == walk(crowd, "/loans?person=n003", 10)
    assert walk(crowd, "/people/n003/loans?state=overdue", 10) == [f"n{number:03}" for number in range(8, 100, 10)]


def test_a_filtered_page_reads_a_bounded_part(crowd: Client) -> None:
    crowd.dynamo.calls.clear()
    crowd.get("/people/n230/loans?limit=1")
    assert len(crowd.dynamo.calls) <= 2 + 10


def test_cases_come_by_state_latest_first(crowd: Client) -> None:
    assert walk(crowd, "/cases?state=open", 60) == [f"n{number:03}" for number in reversed(range(0, MANY, 2))]
    assert len(walk(crowd, "/cases?kind=jammed&site=dock", 60)) == MANY // 10
    assert walk(crowd, "/cases?kind=forced", 60) == []


def test_notices_are_found_by_state_and_loan(crowd: Client) -> None:
    assert walk(crowd, "/notices?state=pending", 60) == [f"n{number:03}" for number in range(0, MANY, 2)]
    assert walk(crowd, "/notices?loan=n007", 60) == ["n007"]
    assert crowd.get("/notices?state=eaten").status == 400


def test_a_state_that_there_is_not_is_told(crowd: Client) -> None:
    for path in ("/loans?state=lost", "/cases?state=closed", "/cases?kind=murder"):
        assert crowd.get(path).status == 400
