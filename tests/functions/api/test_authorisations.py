"""Agreeing to a take from afar: who may, for how long, how often (rules.md, row 13)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.workplace import FALLBACK, NOW, OTHER_TOKEN, TOKEN, bank, drill, person, put_person, rules, site
from tests.support.world import World, world
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import replace
from toolcrib.store import rulebook
from toolcrib.store.ledger import AgreedItem
from toolcrib.store.tables import connection

TAKE = "take:drill"


def ask_for(count: int, group: str | None = None) -> None:
    rules(replace(FALLBACK, authorisers=Authorisers(count=count, group=group)), Group(id="safety", name="Safety"))
    rulebook._kept.clear()


def agreed() -> list[tuple[str, str | None]]:
    connection()
    return sorted((item.said, item.by) for item in AgreedItem.scan(consistent_read=True))


@pytest.fixture
def here() -> Iterator[World]:
    with world() as here:
        ask_for(1)
        here.place(bank(mode=Mode.KIOSK), stowed={1: drill(1), 2: drill(2)})
        here.meet(person(), TOKEN)
        here.meet(person(2), OTHER_TOKEN)
        put_person(person(3, groups=("safety",)))
        enter("admin", "admin", person="boss")
        put_person(person(id="boss"))
        enter("ana", "self", person="p-1")
        enter("tom", "self", person="p-2")
        enter("eva", "self", person="p-3")
        enter("sup", "supervisor", person="p-2", sites=("hq",))
        yield here


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    return here.bank("hq-01")


def as_(here: World, who: str) -> Client:
    return Client(who, at=here.now)


def asked(here: World, kiosk: FakeBank) -> str:
    """Let Ana choose a drill with nobody there, and return the request that this makes."""
    assert kiosk.choose(kiosk.tap(), TAKE).code == "authorisation_required"

    (request,) = as_(here, "admin").get("/authorisations").json["items"]
    return str(request["id"])


def answer(here: World, who: str, request: str, verb: str = "approve", **body: Any) -> tuple[int, Any]:
    reply = as_(here, who).post(f"/authorisations/{request}/{verb}", body)
    return reply.status, reply.json.get("code", reply.json.get("state"))


def test_a_supervisor_of_the_site_who_never_signs_in_as_one_may_answer(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    assert answer(here, "tom", request) == (404, "not_found")
    here.site_has(supervisors=("p-2",))
    assert answer(here, "tom", request) == (200, "approved")


def test_a_choice_with_nobody_there_asks_others_once(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    here.later(minutes=1)
    assert asked(here, kiosk) == request
    shown = as_(here, "ana").get(f"/authorisations/{request}").json
    assert (shown["person"], shown["type"], shown["site"], shown["state"]) == ("p-1", "drill", "hq", "asked")
    assert shown["demands"] == [{"count": 1, "group": None}]


def test_what_is_approved_opens_nothing_by_itself_and_counts_at_the_next_tap(here: World, kiosk: FakeBank) -> None:
    request, before = asked(here, kiosk), len(here.published)
    assert answer(here, "sup", request, reason="known to me") == (200, "approved")
    assert len(here.published) == before
    opened = kiosk.tap()
    assert opened.kind == "open"
    kiosk.does(opened, "closed", tags=[])
    assert here.events()[0].detail == {"authorisers": "p-2"}
    assert as_(here, "sup").get(f"/authorisations/{request}").json["state"] == "used"
    assert agreed() == [("approved", "p-2")]


def test_an_approval_is_one_grant(here: World, kiosk: FakeBank) -> None:
    answer(here, "sup", asked(here, kiosk))
    kiosk.does(kiosk.tap(), "not_opened")
    assert kiosk.tap().body["options"][0]["needs"] == ["authoriser"]


def test_an_approved_tap_reads_nothing_more_than_any_other(here: World, kiosk: FakeBank) -> None:
    answer(here, "sup", asked(here, kiosk))
    assert here.dynamo is not None
    before = len(here.dynamo.calls)
    assert kiosk.tap().kind == "open"
    assert [call[0] for call in here.dynamo.calls[before:]].count("TransactWriteItems") == 1
    assert len(here.dynamo.calls) - before <= 5  # badge and stamp, bank, rule book, profile, commit


@pytest.mark.parametrize(("after", "status"), [(900, 200), (901, 409)])
def test_it_has_to_be_answered_within_fifteen_minutes(here: World, kiosk: FakeBank, after: int, status: int) -> None:
    request = asked(here, kiosk)
    here.later(seconds=after)
    assert answer(here, "sup", request)[0] == status


@pytest.mark.parametrize(("after", "kind"), [(900, "open"), (901, "session")])
def test_it_has_to_be_used_within_fifteen_minutes(here: World, kiosk: FakeBank, after: int, kind: str) -> None:
    request = asked(here, kiosk)
    here.later(seconds=900)
    answer(here, "sup", request)
    here.later(seconds=after)
    assert kiosk.tap().kind == kind


def test_nobody_agrees_to_their_own_take(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    enter("both", "admin", person="p-1")
    for who in ("ana", "both"):
        assert answer(here, who, request) == (409, "cannot_authorise")
    assert agreed() == []


WHO = [
    ("sup", None, (200, "approved")),
    ("admin", None, (200, "approved")),
    ("tom", None, (404, "not_found")),
    ("eva", "safety", (200, "approved")),
    ("sup", "safety", (409, "cannot_authorise")),
    ("admin", "safety", (409, "cannot_authorise")),
    ("tom", "safety", (404, "not_found")),
]


@pytest.mark.parametrize(("who", "group", "answered"), WHO)
def test_who_may_agree(here: World, kiosk: FakeBank, who: str, group: str | None, answered: tuple[int, str]) -> None:
    ask_for(1, group)
    assert answer(here, who, asked(here, kiosk)) == answered


def test_a_supervisor_of_the_site_agrees_whatever_their_role(here: World, kiosk: FakeBank) -> None:
    rules(site(supervisors=("p-2",)))
    enter("dock", "supervisor", person="p-2", sites=("hq", "dock"))
    assert answer(here, "dock", asked(here, kiosk)) == (200, "approved")


@pytest.mark.parametrize("change", [{"active": False}, {"valid_until": NOW}])
def test_somebody_who_may_take_nothing_agrees_to_nothing(here: World, kiosk: FakeBank, change: dict[str, Any]) -> None:
    request = asked(here, kiosk)
    here.change_person(person(2, **change))
    assert answer(here, "sup", request) == (409, "cannot_authorise")


def test_somebody_who_is_disabled_after_they_agreed_counts_no_longer(here: World, kiosk: FakeBank) -> None:
    answer(here, "sup", asked(here, kiosk))
    here.change_person(person(2, active=False))
    shown = kiosk.tap()
    assert shown.kind == "session"
    assert kiosk.choose(shown, TAKE).code == "authorisation_required"


def test_a_refusal_ends_it(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    assert answer(here, "sup", request, "refuse", reason="not today") == (200, "refused")
    assert answer(here, "admin", request) == (409, "already_answered")
    assert kiosk.tap().kind == "session"
    assert agreed() == [("refused", "p-2")]


def test_two_have_to_agree_where_two_are_asked_for(here: World, kiosk: FakeBank) -> None:
    ask_for(2)
    request = asked(here, kiosk)
    assert answer(here, "sup", request) == (200, "asked")
    assert answer(here, "sup", request) == (200, "asked")
    assert kiosk.tap().kind == "session"
    assert answer(here, "admin", request) == (200, "approved")
    assert kiosk.tap().kind == "open"


def test_one_here_and_one_from_afar_add_up(here: World, kiosk: FakeBank) -> None:
    ask_for(2)
    answer(here, "admin", asked(here, kiosk))
    joined = kiosk.tap(OTHER_TOKEN, session=str(kiosk.tap().body["session"]))
    assert here.loan(kiosk.choose(joined, TAKE).grant).proofs == {"authorisers": "boss,p-2"}


def test_the_same_answer_again_is_the_same_answer(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    first, again = (as_(here, "sup").post(f"/authorisations/{request}/approve", {}, key="k") for _ in range(2))
    assert (first.status, first.text) == (again.status, again.text)


def test_nobody_answering_is_on_the_ledger(here: World, kiosk: FakeBank) -> None:
    request = asked(here, kiosk)
    here.later(minutes=15)
    here.sweep()
    assert agreed() == []
    here.later(seconds=1)
    for _ in range(2):
        here.sweep()
    assert agreed() == [("expired", None)]
    assert as_(here, "sup").get(f"/authorisations/{request}").json["state"] == "expired"
    assert asked_again(here, kiosk) != request


def asked_again(here: World, kiosk: FakeBank) -> str:
    kiosk.choose(kiosk.tap(), TAKE)
    return str(as_(here, "ana").get("/authorisations").json["items"][0]["id"])


def test_a_person_asks_from_their_phone(here: World, kiosk: FakeBank) -> None:
    reply = as_(here, "ana").post("/authorisations", {"type": "drill", "bank": "hq-01"})
    assert (reply.status, reply.json["state"]) == (201, "asked")
    again = as_(here, "ana").post("/authorisations", {"type": "drill", "bank": "hq-01"})
    assert again.json["id"] == reply.json["id"]
    answer(here, "sup", reply.json["id"])
    assert kiosk.tap().kind == "open"


def test_what_needs_nobody_is_not_asked_for(here: World) -> None:
    ask_for(0)
    reply = as_(here, "ana").post("/authorisations", {"type": "drill", "bank": "hq-01"})
    assert (reply.status, reply.json["code"]) == (409, "not_needed")


def test_what_they_may_not_take_anyway_is_not_asked_for(here: World) -> None:
    reply = as_(here, "eva").post("/authorisations", {"type": "drill", "bank": "hq-01"})
    assert (reply.status, reply.json["code"]) == (409, "no_access")


def test_a_person_sees_their_own_and_what_asks_their_groups(here: World, kiosk: FakeBank) -> None:
    ask_for(1, "safety")
    request = asked(here, kiosk)

    def seen(who: str, query: str = "") -> list[str]:
        return [each["id"] for each in as_(here, who).get(f"/authorisations{query}").json["items"]]

    assert (seen("ana"), seen("tom"), seen("eva")) == ([request], [], [])
    assert (seen("eva", "?to_answer=true"), seen("tom", "?to_answer=true")) == ([request], [])
    assert as_(here, "tom").get(f"/authorisations/{request}").status == 404


def test_another_type_or_site_is_another_request(here: World, kiosk: FakeBank) -> None:
    answer(here, "sup", asked(here, kiosk))
    rules(site(id="dock"))
    dock = here.place(bank(id="dock-01", site="dock", mode=Mode.KIOSK), stowed={1: drill(7)})
    assert dock.tap().kind == "session"


def test_two_taps_at_once_use_it_once(here: World, kiosk: FakeBank) -> None:
    answer(here, "sup", asked(here, kiosk))
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(8)})
    assert {kiosk.tap().kind, other.tap().kind} == {"open", "session"}


def test_what_is_over_falls_off_the_profile(here: World, kiosk: FakeBank) -> None:
    for _ in range(3):
        asked_again(here, kiosk)
        here.now += timedelta(minutes=16)
    assert len(here.person().asked) == 1
