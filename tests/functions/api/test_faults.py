"""Faults and their photos over HTTP: who may see them, and who may add one."""

from collections.abc import Iterator

import pytest

from tests.support.http import Client, enter
from tests.support.outcomes import stage
from tests.support.workplace import rules as put_rules
from tests.support.workplace import site
from tests.support.world import World, world
from toolcrib.store.photos import MOST


@pytest.fixture
def here() -> Iterator[World]:
    with world() as here:
        enter("admin", "admin")
        enter("sue", "supervisor", sites=("hq",))
        enter("far", "supervisor", sites=("dock",))
        enter("ida", "auditor")
        enter("pia", "self", person="p-1")
        enter("bob", "self", person="p-2")
        put_rules(site(id="dock"))
        yield here


def fault(here: World) -> str:
    """Have a fault reported by the person who is taking the thing; returns its id."""
    hq = stage(here)
    opened = hq.tap()
    hq.send(hq.report("fault", severity="minor", asset="drill-1", text="it hums", grant=opened.grant))
    return here.cases()[0].id


def test_a_fault_is_shown_with_its_custody_and_its_photos(here: World) -> None:
    known = fault(here)
    here.photos[f"acme/{known}/one.jpg"] = 1234
    shown = Client().get(f"/faults/{known}").json
    assert (shown["severity"], shown["asset"], shown["person"], shown["state"]) == ("minor", "drill-1", "p-1", "open")
    assert shown["grant"] == shown["loan"] == here.grant().id
    assert shown["detail"] == "minor: it hums"
    (photo,) = shown["photos"]
    assert (photo["id"], photo["content_type"], photo["bytes"]) == ("one", "image/jpeg", 1234)
    assert "X-Amz-Expires=60" in photo["url"]


@pytest.mark.parametrize(
    ("who", "sees", "adds"),
    [
        ("admin", 200, 201),
        ("sue", 200, 201),
        ("pia", 200, 201),
        ("ida", 200, 403),
        ("far", 404, 404),
        ("bob", 404, 404),
    ],
)
def test_who_sees_a_fault_and_who_adds_a_photo(here: World, who: str, sees: int, adds: int) -> None:
    known = fault(here)
    assert Client(who).get(f"/faults/{known}").status == sees
    reply = Client(who).post(f"/faults/{known}/photos", {"content_type": "image/png"})
    assert reply.status == adds, reply.text
    if adds == 201:
        assert reply.json["fields"]["key"].startswith(f"acme/{known}/")
        assert reply.json["fields"]["key"].endswith(".png")


def test_the_form_is_given_out_once_and_kept_nowhere(here: World) -> None:
    known, key = fault(here), {"Idempotency-Key": "k-1"}
    given = Client().ask("POST", f"/faults/{known}/photos", {}, headers=key)
    again = Client().ask("POST", f"/faults/{known}/photos", {}, headers=key)
    assert (given.status, again.status, again.json["code"]) == (201, 409, "answer_not_kept")
    assert given.json["fields"]["policy"] not in str([item.attribute_values for item in here.items()])


def test_ten_photos_are_enough_and_a_fault_that_is_over_takes_none(here: World) -> None:
    known = fault(here)
    here.photos |= {f"acme/{known}/{number}.jpg": 1 for number in range(MOST)}
    assert Client().post(f"/faults/{known}/photos", {}).json["code"] == "too_many_photos"
    here.photos.clear()
    assert Client().post(f"/cases/{known}/resolve", {"resolution": "mended"}).status == 200
    assert Client().post(f"/faults/{known}/photos", {}).json["code"] == "already_resolved"


def test_what_is_no_fault_is_not_found(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=1)
    other = here.cases()[0].id
    assert Client().get(f"/cases/{other}").status == 200
    assert Client().get(f"/faults/{other}").status == Client().get("/faults/none").status == 404


@pytest.mark.parametrize("content_type", ["image/svg+xml", "image/gif", "text/html", ""])
def test_no_other_kind_of_file_is_let_in(here: World, content_type: str) -> None:
    reply = Client().post(f"/faults/{fault(here)}/photos", {"content_type": content_type})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "content_type")
