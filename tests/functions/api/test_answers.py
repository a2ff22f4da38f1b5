"""Links in mails: looking changes nothing, pressing counts once, and whatever is not exactly ours is nobody's."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.warnings import InsecureKeyLengthWarning

from chalicelib.answers.pages import POLICY
from chalicelib.answers.words import DID, HEADLINES, PRESS, WILL
from chalicelib.flows.react import RIGHTS
from tests.support import orgs
from tests.support.filled import filled_orgs
from tests.support.http import Client, Reply, enter
from tests.support.tables import ANSWERS
from tests.support.workplace import NOW, ORG
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace as changed
from toolcrib.send.answer_links import LIFE, PURPOSE, AnswerLink, believed, signed
from toolcrib.send.links import audience
from toolcrib.send.signing import derive
from toolcrib.store import mapping
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import load_person

SECRET = bytes.fromhex(ANSWERS)
LINK = AnswerLink(org=ORG, notice="hq", reaction=Reaction.ACKNOWLEDGE, person="hq", expires_at=NOW + LIFE)
GOOD = signed(SECRET, LINK)


@pytest.fixture(autouse=True)
def _orgs() -> Iterator[None]:
    with filled_orgs():
        yield


def open_(token: str, at: datetime = NOW, **headers: str) -> Reply:
    return Client(None, at=at).get(f"/answers/{token}", headers=headers)


def press(token: str, at: datetime = NOW) -> Reply:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return Client(None, at=at).ask("POST", f"/answers/{token}", raw="", headers=form)


def link(**more: Any) -> str:
    return signed(SECRET, changed(LINK, **more))


def acted() -> Any:
    return load_notice(ORG, "hq").acted


def speak(person: str, language: str) -> None:
    mapping.person_item(ORG, changed(load_person(ORG, person), language=language)).save()


def test_looking_says_what_will_happen_and_changes_nothing() -> None:
    for _ in range(3):  # a scanner, a preview, and then the reader
        reply = open_(GOOD)
        assert (reply.status, "Please confirm" in reply.text) == (200, True)
        assert "You say that you see to it. Reminders about it stop for 24 hours at most." in reply.text
        assert "Drill" in reply.text
        assert '<form method="post"><button type="submit">Yes, I see to it</button></form>' in reply.text
    assert acted() is None


def test_pressing_does_it_as_the_reader_and_says_until_when() -> None:
    reply = press(GOOD)
    assert (reply.status, "Noted: you see to it. Reminders about it pause until" in reply.text) == (200, True)
    assert (acted().reaction, acted().by) == ("acknowledge", "hq")
    assert load_loan(ORG, "hq").version > orgs.loan("hq", "hq").version


def test_a_link_counts_once() -> None:
    press(GOOD)
    first = acted()
    for at in (NOW, NOW + timedelta(days=3), NOW + LIFE - timedelta(seconds=1)):
        assert (press(GOOD, at).status, open_(GOOD, at).status) == (410, 410)
    assert "This was done already" in open_(GOOD).text
    assert acted() == first


def test_a_later_mail_of_the_same_notice_counts_no_second_time() -> None:
    press(GOOD)
    assert "This was done already" in press(link(expires_at=NOW + LIFE + timedelta(days=1))).text


def test_a_mail_program_may_press_as_it_unsubscribes() -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert Client(None).ask("POST", f"/answers/{GOOD}", raw="--x--", headers=form).status == 200


def test_an_old_link_says_so() -> None:
    reply = press(GOOD, NOW + LIFE)
    assert (reply.status, "This link is too old" in reply.text, acted()) == (410, True, None)


def test_what_is_over_says_so() -> None:
    loan = load_loan(ORG, "hq")
    mapping.loan_item(ORG, changed(loan, due_version=loan.due_version + 1, version=loan.version + 1)).save()
    notice = load_notice(ORG, "hq")
    mapping.notice_item(ORG, changed(notice, due_version=loan.due_version)).save()
    reply = press(GOOD)
    assert (reply.status, "This is no longer needed" in reply.text, acted()) == (410, True, None)


@pytest.mark.parametrize("reaction", [reaction for reaction in Reaction if reaction is not Reaction.ACKNOWLEDGE])
def test_what_the_notice_does_not_offer_is_not_done(reaction: Reaction) -> None:
    reply = press(link(reaction=reaction))
    if reply.status == 200:
        assert (acted().reaction, acted().by) == (str(reaction), "hq")
    else:
        assert (reply.status, acted()) in {(403, None), (410, None)}
        assert "Nothing has happened" in reply.text or "Ask a supervisor" in reply.text


def test_a_frozen_reader_may_not() -> None:
    mapping.person_item(ORG, changed(load_person(ORG, "hq"), active=False)).save()
    reply = press(GOOD)
    assert (reply.status, "not for you, or not any more" in reply.text, acted()) == (403, True, None)


def test_somebody_it_was_not_sent_to_may_not() -> None:
    assert (press(link(person="dock")).status, press(link(person="nobody")).status, acted()) == (403, 403, None)


def test_a_supervisor_acts_with_a_supervisors_rights_and_without_them_no_more() -> None:
    mapping.notice_item(ORG, changed(load_notice(ORG, "hq"), to=To.SUPERVISOR, recipient="boss")).save()
    remind = link(person="boss", reaction=Reaction.REMIND)
    enter("supervisor", "auditor", person="boss", sites=("hq",))
    assert press(remind).status == 403
    enter("supervisor", "supervisor", person="boss", sites=("hq",))
    assert (press(remind).status, acted().by) == (200, "boss")


def test_of_two_who_press_at_once_it_is_done_once() -> None:
    replies = [press(GOOD), press(GOOD)]
    assert sorted(reply.status for reply in replies) == [200, 410]


def refused(token: str) -> None:
    for reply in (open_(token), press(token)):
        assert (reply.status, "This link is not one of ours" in reply.text) == (404, True)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "globex"},
        {"aud": "toolcrib-sessions"},
        {"jti": "another"},
        {"sub": "dock"},
        {"notice": "dock"},
        {"reaction": "extend"},
        {"reaction": "open"},
        {"exp": "never"},
        {"exp": None},
        {"exp": -1},
        {"more": 1},
    ],
    ids=str,
)
def test_claims_that_do_not_belong_together_are_nobodys(claims: dict[str, Any]) -> None:
    """Signed with the right key, even so."""
    key = derive(SECRET, "answers", ORG)
    said = jwt.decode(GOOD, key, ["HS256"], audience=audience(PURPOSE), options={"verify_exp": False})
    forged = {name: value for name, value in {**said, **claims}.items() if value is not None}
    refused(jwt.encode(forged, key, algorithm="HS256"))


def test_other_keys_and_no_key_are_nobodys() -> None:
    key = derive(SECRET, "answers", ORG)
    said = jwt.decode(GOOD, key, ["HS256"], audience=audience(PURPOSE), options={"verify_exp": False})
    refused(jwt.encode(said, "", algorithm="none"))
    refused(jwt.encode(said, SECRET, algorithm="HS256"))
    refused(jwt.encode(said, derive(SECRET, "answers", "globex"), algorithm="HS256"))
    with pytest.warns(InsecureKeyLengthWarning):
        refused(jwt.encode(said, key, algorithm="HS512"))
    refused(signed(bytes(32), LINK))
    assert acted() is None


def test_every_altered_character_makes_it_nobodys() -> None:
    head, body, signature = GOOD.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    tried = 0
    for place, old in enumerate(GOOD[:-1]):  # of the very last character four of six bits count
        for new in alphabet[:: 1 if place >= len(head) + len(body) else 7]:
            if old not in {new, "."}:
                tried += 1
                assert believed(SECRET, f"{GOOD[:place]}{new}{GOOD[place + 1 :]}", org=ORG) is None
    assert (tried > 3_000, len(signature)) == (True, 43)


def test_ten_thousand_guesses_at_the_signature_are_all_wrong() -> None:
    said, guesses = GOOD.rpartition(".")[0], Random(5)
    made = {f"{said}.{urlsafe_b64encode(guesses.randbytes(32)).decode().rstrip('=')}" for _ in range(10_000)}
    assert [token for token in made if believed(SECRET, token, org=ORG)] == []


@settings(deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=600), st.from_regex(r"[A-Za-z0-9_-]{0,80}(\.[A-Za-z0-9_-]{0,200}){0,3}")))
def test_nothing_anybody_makes_up_is_believed(token: str) -> None:
    assert believed(SECRET, token, org=ORG) is None


@pytest.mark.parametrize("token", ["x", "a.b.c", "%C3%A4", "x" * 5_000, f"{GOOD}.", f"{GOOD} ", GOOD.upper()])
def test_made_up_links_get_a_page_and_nothing_else(token: str) -> None:
    refused(token)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_page_speaks_the_readers_language(language: str) -> None:
    speak("hq", language)
    pages = [open_(GOOD), press(GOOD), press(GOOD), press(GOOD, NOW + LIFE), press("x")]
    assert [f'<html lang="{language}">' in page.text for page in pages] == [True, True, True, True, language == "en"]
    assert f'<html lang="{language}">' in open_("x", **{"Accept-Language": f"nl, {language}-CH;q=0.8"}).text
    assert "{" not in "".join(re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL) for page in pages)


def test_there_are_words_for_everything() -> None:
    assert set(WILL) == set(DID) == set(PRESS) == set(RIGHTS) == set(Reaction)
    assert len(set(HEADLINES.values())) == len(HEADLINES)


def test_a_page_runs_nothing_loads_nothing_and_tells_nobody_its_address() -> None:
    reply = open_(GOOD)
    assert reply.headers["Content-Security-Policy"] == POLICY
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cache-Control"] == "no-store"
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(tag)
            assert not {"src", "href", "onclick"} & {name for name, _ in attrs}

    Reader().feed(reply.text)
    assert not {"script", "img", "link", "iframe"} & set(found)


def test_what_people_typed_is_shown_as_they_typed_it() -> None:
    person = Person(id="hq", name="<b>Ann</b> & Söhne", site="hq", groups=("crew",))
    mapping.person_item(ORG, person).save()
    text = open_(GOOD).text
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; Söhne" in text
    assert "<b>" not in text
