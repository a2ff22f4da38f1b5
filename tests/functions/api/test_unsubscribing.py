"""The link in a digest: looking changes nothing, one POST ends it, and nothing else can be ended by it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import jwt
import pytest

from tests.support.filled import filled_orgs
from tests.support.http import Client, Reply
from tests.support.tables import ANSWERS
from tests.support.workplace import NOW, ORG
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace
from toolcrib.send import answer_links
from toolcrib.send.unsubscribing import LIFE, Leaving, believed, signed
from toolcrib.store.people import load_person

SECRET = bytes.fromhex(ANSWERS)
LEAVING = Leaving(org=ORG, person="hq", kind="daily", expires_at=NOW + LIFE)
GOOD = signed(SECRET, LEAVING)


@pytest.fixture(autouse=True)
def _orgs() -> Iterator[None]:
    with filled_orgs():
        yield


def open_(token: str) -> Reply:
    return Client(None, at=NOW).get(f"/unsubscribe/{token}")


def press(token: str, at: datetime = NOW) -> Reply:
    """As a mail program does it (RFC 8058)."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return Client(None, at=at).ask("POST", f"/unsubscribe/{token}", raw="List-Unsubscribe=One-Click", headers=form)


def left() -> tuple[str, ...]:
    return load_person(ORG, "hq").unsubscribed


def test_looking_changes_nothing() -> None:
    reply = open_(GOOD)
    assert (reply.status, left()) == (200, ())
    assert "Yes, send me no more of these" in reply.text


def test_one_post_ends_it_and_another_changes_nothing_more() -> None:
    assert press(GOOD).status == 200
    version = load_person(ORG, "hq").version
    reply = press(GOOD)
    assert (reply.status, "An administrator can turn it on again for you." in reply.text) == (200, True)
    assert (left(), load_person(ORG, "hq").version) == (("daily",), version)


def test_each_kind_is_ended_by_itself() -> None:
    press(GOOD)
    press(signed(SECRET, replace(LEAVING, kind="weekly")))
    assert left() == ("daily", "weekly")


def test_an_admin_sees_it_and_turns_it_back() -> None:
    press(GOOD)
    admin = Client("admin")
    shown = admin.get("/people/hq")
    assert shown.json["unsubscribed"] == ["daily"]
    reply = admin.patch("/people/hq", {"unsubscribed": []}, etag=shown.headers["ETag"])
    assert (reply.status, left()) == (200, ())
    assert press(GOOD).status == 200
    assert left() == ("daily",)


@pytest.mark.parametrize("wrong", [["hourly"], ["daily", "daily", "daily"], "daily", [None]])
def test_only_what_there_is_can_be_set(wrong: object) -> None:
    admin = Client("admin")
    etag = admin.get("/people/hq").headers["ETag"]
    assert admin.patch("/people/hq", {"unsubscribed": wrong}, etag=etag).status == 400


def test_an_old_link_ends_nothing() -> None:
    assert press(GOOD, at=NOW + LIFE).status == 410
    assert left() == ()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        GOOD[:-2],
        "é" * 40,
        "a" * 2000,
        signed(bytes(32), LEAVING),
        signed(SECRET, replace(LEAVING, org="globex")),
        jwt.encode({"aud": "toolcrib-unsubscribe", "sub": "hq", "kind": "daily"}, "", algorithm="none"),
        answer_links.signed(
            SECRET,
            answer_links.AnswerLink(
                org=ORG, notice="hq", reaction=Reaction.ACKNOWLEDGE, person="hq", expires_at=NOW + timedelta(days=1)
            ),
        ),
    ],
)
def test_what_is_not_exactly_ours_is_nobodys(token: str) -> None:
    assert believed(SECRET, token, org=ORG) is None
    if token and token.isascii():
        assert press(token).status == 404
    assert left() == ()


def test_a_link_to_unsubscribe_answers_nothing_else() -> None:
    assert answer_links.believed(SECRET, GOOD, org=ORG) is None


def test_somebody_who_is_gone_is_told_so() -> None:
    assert press(signed(SECRET, replace(LEAVING, person="nobody"))).status == 403
