"""Rosters as CSV over HTTP: looked at, written down as a whole or not at all, gone on with whoever began."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows.admin import imports
from tests.support.admins import asked
from tests.support.http import Client, Reply, enter
from tests.support.workplace import CREW, FALLBACK, NOW, ORG, person, put_person, rules, site
from toolcrib.domain.people import Group, Person
from toolcrib.domain.record import replace
from toolcrib.flows import roster_import, sweep
from toolcrib.store.people import load_person

MINUTE = timedelta(minutes=1)
HEADER = "person,starts,ends,groups"
MONDAY = "2026-11-23T06:00,2026-11-23T14:00"
ROSTER = f"{HEADER}\np-1,{MONDAY},night\np-2,{MONDAY},\np-1,2026-11-24T22:00,2026-11-25T06:00,crew night\n"
SHIFTS = [
    {"starts": "2026-11-23T05:00:00.000Z", "ends": "2026-11-23T13:00:00.000Z", "groups": ["night"]},
    {"starts": "2026-11-24T21:00:00.000Z", "ends": "2026-11-25T05:00:00.000Z", "groups": ["crew", "night"]},
]


@pytest.fixture
def workplace(admin: Client) -> Client:
    rules(site(), site(id="dock"), CREW, Group(id="night", name="Night"), FALLBACK)
    for number in (1, 2):
        put_person(person(number))
    put_person(person(3, site="dock"))
    return admin


def send(client: Client, csv: str = ROSTER, **more: Any) -> Reply:
    key = more.pop("key", None)
    return client.post("/imports", {"site": "hq", "csv": csv, **more}, key=key)


def shifts(client: Client, person_id: str = "p-1") -> Any:
    return client.get(f"/people/{person_id}/shifts").json["items"]


def test_a_roster_gives_its_people_their_shifts(workplace: Client) -> None:
    made = send(workplace, id="week-48")
    assert (made.status, made.headers["Location"]) == (201, "/v1/imports/week-48"), made.text
    assert made.json == {
        "id": "week-48",
        "kind": "roster",
        "site": "hq",
        "by": "admin",
        "state": "done",
        "at": "2026-11-20T09:00:00.000Z",
        "finished_at": "2026-11-20T09:00:00.000Z",
        "rows": 3,
        "failed": 0,
        "past": 0,
        "shifts": 3,
        "people": 2,
        "written": 2,
        "errors": [],
    }
    assert shifts(workplace) == SHIFTS
    assert shifts(workplace, "p-2") == [{**SHIFTS[0], "groups": []}]
    assert workplace.get("/imports/week-48").json == made.json
    assert workplace.get("/imports").json["items"] == [made.json]


def test_a_shift_that_is_over_is_not_listed_any_more(workplace: Client) -> None:
    send(workplace)
    later = replace_at(workplace, NOW + timedelta(days=3, hours=4))
    assert shifts(later) == SHIFTS[1:]


def replace_at(client: Client, at: Any) -> Client:
    return Client(client.subject, at=at, dynamo=client.dynamo)


def test_a_dry_run_says_the_same_and_writes_nothing(workplace: Client) -> None:
    before = workplace.dynamo.snapshot()
    looked = send(workplace, dry_run=True)
    assert (looked.status, looked.json["state"]) == (200, "checked")
    assert (looked.json["rows"], looked.json["people"], looked.json["shifts"], looked.json["written"]) == (3, 2, 3, 0)
    wrong = send(workplace, f"{HEADER}\neve,{MONDAY},\n", dry_run=True)
    assert (wrong.status, wrong.json["state"], wrong.json["failed"]) == (200, "rejected", 1)
    assert workplace.dynamo.snapshot() == before


def test_where_one_row_is_wrong_nothing_is_written_and_each_is_named(workplace: Client) -> None:
    csv = f"{ROSTER}eve,{MONDAY},day\np-2,=1+1,2026-11-24T06:00,crew\n"
    made = send(workplace, csv, id="bad")
    assert (made.status, made.json["state"], made.json["rows"], made.json["failed"]) == (201, "rejected", 5, 2)
    assert [(each["row"], each["field"]) for each in made.json["errors"]] == [
        (5, "groups"),
        (5, "person"),
        (6, "starts"),
    ]
    assert shifts(workplace) == []
    assert workplace.get("/imports/bad").json == made.json
    assert send(workplace, id="bad").status == 409


def test_so_many_errors_are_told_and_all_are_counted(workplace: Client) -> None:
    csv = f"{HEADER}\n" + f"eve,{MONDAY},\n" * 150
    reply = send(workplace, csv, dry_run=True).json
    assert (reply["failed"], len(reply["errors"])) == (150, 100)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"csv": "no table"}, "csv"),
        ({"csv": f"{HEADER}\n"}, "csv"),
        ({"kind": "people"}, "kind"),
        ({"from": "2026-11-23"}, "to"),
        ({"to": "2026-11-23"}, "from"),
        ({"from": "2026-11-24", "to": "2026-11-23"}, "to"),
        ({"from": "2026-11-23", "to": "2027-03-03"}, "to"),
        ({"from": "2020-01-01", "to": "2020-01-02"}, "from"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "from"),
        ({"people": []}, "people"),
    ],
)
def test_what_is_no_import_is_refused(workplace: Client, body: dict[str, Any], field: str) -> None:
    before = workplace.dynamo.snapshot()
    reply = workplace.post("/imports", {"site": "hq", "csv": ROSTER, **body})
    assert (reply.status, [each["field"] for each in reply.json["errors"]]) == (400, [field]), reply.text
    assert workplace.dynamo.snapshot() == before


def test_a_site_that_is_not_there_is_404(workplace: Client) -> None:
    assert send(workplace, site="none").status == 404


def test_a_roster_again_replaces_the_shifts_of_its_days(workplace: Client) -> None:
    send(workplace)
    again = f"{HEADER}\np-1,2026-11-23T14:00,2026-11-23T22:00,crew\n"
    send(workplace, again)
    late = {"starts": "2026-11-23T13:00:00.000Z", "ends": "2026-11-23T21:00:00.000Z", "groups": ["crew"]}
    assert shifts(workplace) == [late, SHIFTS[1]]
    assert shifts(workplace, "p-2") == [{**SHIFTS[0], "groups": []}]
    send(workplace, f"{HEADER}\np-1,,,\n", **{"from": "2026-11-23", "to": "2026-11-24"})
    assert shifts(workplace) == []


def test_the_same_roster_again_touches_nobody(workplace: Client) -> None:
    send(workplace)
    before = [load_person(ORG, name).version for name in ("p-1", "p-2")]
    assert send(workplace).json["written"] == 2
    assert [load_person(ORG, name).version for name in ("p-1", "p-2")] == before


def test_a_repeat_with_its_key_is_told_the_same(workplace: Client) -> None:
    first, again = (send(workplace, key="k-1") for _ in range(2))
    assert (first.status, again.status, first.json) == (201, 201, again.json)
    assert len(workplace.get("/imports").json["items"]) == 1


def many(count: int) -> str:
    for number in range(4, 4 + count):
        put_person(person(number))
    return f"{HEADER}\n" + "".join(f"p-{number},{MONDAY},night\n" for number in range(4, 4 + count))


def test_many_people_are_written_a_few_at_a_time_and_every_one_of_them(workplace: Client) -> None:
    csv = many(2 * roster_import.CHUNK + 1)
    made = send(workplace, csv).json
    assert (made["state"], made["written"]) == ("done", 2 * roster_import.CHUNK + 1)
    assert all(shifts(workplace, f"p-{number}") == SHIFTS[:1] for number in (4, 30, 44))
    writes = [call for name, call in workplace.dynamo.calls if name == "TransactWriteItems"]
    assert max(len(call["TransactItems"]) for call in writes) <= roster_import.CHUNK + 2


def test_what_was_broken_off_is_shown_and_the_sweeper_goes_on_with_it(
    workplace: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv = many(2 * roster_import.CHUNK)
    with monkeypatch.context() as patched:
        patched.setattr(roster_import, "MOST_ROUNDS", 1)
        made = send(workplace, csv, id="long").json
    assert (made["state"], made["people"], made["written"]) == ("running", 40, 20)
    assert workplace.get("/imports/long").json == made
    assert _swept(NOW + MINUTE - timedelta(seconds=1)) == {}
    assert _swept(NOW + MINUTE) == {"import_done": 1}
    done = workplace.get("/imports/long").json
    assert (done["state"], done["written"], done["finished_at"]) == ("done", 40, "2026-11-20T09:01:00.000Z")
    assert shifts(workplace, "p-43") == SHIFTS[:1]
    assert _swept(NOW + 2 * MINUTE) == {}


def _swept(at: Any) -> dict[str, int]:
    return sweep.handle(now=at, time_left_s=lambda: 60.0)


def test_somebody_who_taps_meanwhile_is_written_the_next_moment(workplace: Client) -> None:
    def meanwhile(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and any("Update" in item for item in request["TransactItems"]):
            workplace.dynamo.before.remove(meanwhile)
            workplace.patch("/people/p-1", {"language": "de"}, "*")

    workplace.dynamo.before.append(meanwhile)
    assert send(workplace).json["state"] == "done"
    found = load_person(ORG, "p-1")
    assert (found.language, len(found.shifts)) == ("de", 2)


def test_who_is_overtaken_all_the_time_leaves_it_to_the_sweeper(workplace: Client) -> None:
    def again_and_again(operation: str, request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and any("Update" in item for item in request["TransactItems"]):
            workplace.dynamo.before.remove(again_and_again)
            workplace.patch("/people/p-1", {"language": "de"}, "*")
            workplace.dynamo.before.append(again_and_again)

    workplace.dynamo.before.append(again_and_again)
    assert send(workplace, id="busy").json["state"] == "running"
    workplace.dynamo.before.clear()
    assert _swept(NOW + MINUTE) == {"import_done": 1}
    assert shifts(workplace) == SHIFTS


def test_editing_a_person_keeps_their_shifts(workplace: Client) -> None:
    send(workplace)
    workplace.patch("/people/p-1", {"name": "Ann"}, "*")
    assert shifts(workplace) == SHIFTS


def test_a_supervisor_rosters_the_people_of_their_sites_and_never_themself(workplace: Client) -> None:
    put_person(Person(id="boss", name="Boss", site="hq"))
    enter("supervisor", "supervisor", person="boss", sites=("hq",))
    supervisor = Client("supervisor", dynamo=workplace.dynamo)
    assert send(supervisor).json["state"] == "done"
    for name in ("p-3", "boss", "nobody"):
        reply = send(supervisor, f"{HEADER}\n{name},{MONDAY},night\n").json
        assert (reply["state"], reply["errors"][0]["field"]) == ("rejected", "person")
    assert send(supervisor, site="dock").status == 404
    elsewhere = send(workplace, f"{HEADER}\np-3,{MONDAY},night\n", site="dock").json
    assert supervisor.get(f"/imports/{elsewhere['id']}").status == 404
    assert elsewhere["id"] not in {each["id"] for each in supervisor.get("/imports").json["items"]}


def test_a_repeat_after_the_function_died_goes_on_with_what_it_began(workplace: Client) -> None:
    first = asked("op-1", at=NOW)
    wanted = imports.Wanted(id="i-1", site="hq", csv=ROSTER)
    imports.create(first, wanted)
    again = imports.create(first, replace(wanted))
    assert (str(again.state), again.written) == ("done", 2)
