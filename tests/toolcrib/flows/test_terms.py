"""Terms at the bank: the text that is shown is the text that is accepted, and then the door opens (row 14)."""

import msgspec
import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import stage
from tests.support.workplace import TOKEN, person, put_terms
from tests.support.world import Heard, World
from toolcrib.domain.agreements import digest
from toolcrib.domain.doors import Mode
from toolcrib.flows import screening

TEXT, GERMAN, SAFETY = "Bring it back.", "Bring es zurück.", "Wear goggles."
TAKE = "take:drill"


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    put_terms({"en": TEXT, "de": GERMAN})
    return stage(here, mode=Mode.KIOSK)


def needs(shown: Heard) -> list[list[str]]:
    return [option["needs"] for option in shown.body["options"]]


def test_the_session_shows_the_text_and_its_hash(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    assert shown.kind == "session"
    assert needs(shown) == [["terms"]]
    assert shown.body["terms"] == {"text": TEXT, "sha256": digest(TEXT)}


def test_it_is_shown_in_the_persons_language(here: World, kiosk: FakeBank) -> None:
    here.meet(person(language="de"), TOKEN)
    assert kiosk.tap().body["terms"] == {"text": GERMAN, "sha256": digest(GERMAN)}


def test_accepting_opens_the_door_and_stands_on_loan_and_event(here: World, kiosk: FakeBank) -> None:
    opened = kiosk.choose(kiosk.tap(), TAKE, terms_sha256=digest(TEXT))
    assert opened.kind == "open"
    kiosk.does(opened, "closed", tags=[])
    accepted = {"terms": f"house@1:{digest(TEXT)}"}
    assert here.loan(opened.grant).proofs == accepted
    (event,) = here.events()
    assert event.detail == accepted
    assert here.person().acceptances["house"].sha256 == digest(TEXT)


def test_what_was_accepted_is_not_asked_again_until_the_text_changes(here: World, kiosk: FakeBank) -> None:
    kiosk.does(kiosk.choose(kiosk.tap(), TAKE, terms_sha256=digest(TEXT)), "closed", tags=[])
    kiosk.does(kiosk.tap(), "closed", tags=["E2000001"])
    here.later(hours=1)
    again = kiosk.tap()
    assert again.kind == "open"
    kiosk.does(again, "not_opened")
    put_terms({"en": "Bring it back clean.", "de": GERMAN}, version=2)
    assert kiosk.tap().body["terms"]["text"] == "Bring it back clean."


def test_a_choice_without_the_hash_opens_nothing_and_is_one_case(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    for _ in range(2):
        assert kiosk.choose(shown, TAKE).code == "terms_required"
    assert here.grant_or_none() is None
    assert here.asset().state == "stowed"
    assert [case.kind for case in here.cases()] == ["terms_declined"]


@pytest.mark.parametrize("sha256", [digest("something else"), "0" * 64])
def test_another_hash_opens_nothing(here: World, kiosk: FakeBank, sha256: str) -> None:
    assert kiosk.choose(kiosk.tap(), TAKE, terms_sha256=sha256).code == "terms_required"
    assert here.cases() == []
    assert here.person().acceptances == {}


def test_a_text_that_changed_meanwhile_is_shown_and_what_was_read_does_not_count(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    put_terms({"en": "Bring it back clean."}, version=2)
    again = kiosk.choose(shown, TAKE, terms_sha256=digest(TEXT))
    assert again.kind == "session"
    assert again.body["terms"]["text"] == "Bring it back clean."
    assert kiosk.choose(again, TAKE, terms_sha256=digest("Bring it back clean.")).kind == "open"


def test_two_terms_are_shown_and_accepted_one_after_the_other(here: World, kiosk: FakeBank) -> None:
    put_terms({"en": SAFETY}, id="safety", asset_types=(), categories=("tools",))
    second = kiosk.choose(kiosk.tap(), TAKE, terms_sha256=digest(TEXT))
    assert second.kind == "session"
    assert [option["option"] for option in second.body["options"]] == [TAKE]
    assert second.body["terms"]["text"] == SAFETY
    assert here.person().acceptances.keys() == {"house"}
    opened = kiosk.choose(second, TAKE, terms_sha256=digest(SAFETY))
    assert here.loan(opened.grant).proofs["terms"].split(",")[1] == f"safety@1:{digest(SAFETY)}"
    assert here.person().acceptances.keys() == {"house", "safety"}


def test_a_session_that_shows_more_terms_does_not_live_longer(here: World, kiosk: FakeBank) -> None:
    put_terms({"en": SAFETY}, id="safety")
    shown = kiosk.tap()
    here.later(seconds=90)
    second = kiosk.choose(shown, TAKE, terms_sha256=digest(TEXT))
    assert second.body["expires_at"] == shown.body["expires_at"]
    here.later(seconds=31)
    assert kiosk.choose(second, TAKE, terms_sha256=digest(SAFETY)).code == "session_expired"


def test_a_text_that_does_not_fit_beside_the_options_is_shown_with_its_option_alone(here: World) -> None:
    long = "ä" * 2048
    put_terms({"en": long})
    kiosk = stage(here, mode=Mode.KIOSK)
    shown = kiosk.tap()
    assert shown.body["terms"]["text"] == long

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(screening, "MAX_BYTES", len(msgspec.json.encode(shown.body)) - 1)
        bare = kiosk.tap()
    assert "terms" not in bare.body
    alone = kiosk.choose(bare, TAKE)
    assert (alone.kind, alone.body["terms"]["text"]) == ("session", long)
    assert here.cases() == []


def test_an_express_bank_says_where_they_can_be_accepted(here: World) -> None:
    put_terms({"en": TEXT})
    said = stage(here).tap()
    assert said.code == "terms_required"
    assert "screen" in said.body["text"]


def test_returning_asks_for_no_terms(here: World) -> None:
    hq = stage(here)
    hq.does(hq.tap(), "closed", tags=[])
    put_terms({"en": TEXT})
    assert hq.tap().claims["purpose"] == "return"
