"""Row 14: the exact text is accepted before the door opens."""

from typing import Any

import pytest

from tests.support.judging import NOW, book, subject
from toolcrib.domain.agreements import Acceptance, Agreement, digest, reworded
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.judges.terms import accepting, terms_accepted, to_show
from toolcrib.domain.rulebook import Given, RuleBook, Subject

EN, DE, SAFETY = digest("Bring it back."), digest("Bring es zurück."), digest("Wear goggles.")
HOUSE = reworded(
    Agreement(id="house", title="House rules", asset_types=("drill",), version=2),
    {"en": "Bring it back.", "de": "Bring es zurück."},
)
GOGGLES = reworded(Agreement(id="safety", title="Safety", categories=("tools",), version=0), {"en": "Wear goggles."})


def rules(*agreements: Agreement) -> RuleBook:
    return book(agreements={each.id: each for each in agreements})


def asked(given: str | None = None, *, language: str = "en", **before: str) -> Subject:
    acceptances = {name: Acceptance(version=3, sha256=sha256, at=NOW) for name, sha256 in before.items()}
    about: dict[str, Any] = {"given": Given(terms_sha256=given)}
    return subject(about=about, acceptances=acceptances, language=language)


def judged(question: Subject, *agreements: Agreement) -> Finding:
    return terms_accepted(question, rules(*agreements))


def test_row_14_where_no_terms_apply_nothing_is_asked() -> None:
    assert judged(asked()) == Finding(detail="no terms apply")


CASES = [
    ("nothing accepted", asked(), False),
    ("accepted now", asked(EN), True),
    ("accepted now in another language", asked(DE), True),
    ("accepted before", asked(house=EN), True),
    ("accepted before in another language", asked(house=DE), True),
    ("another text accepted now", asked(SAFETY), False),
    ("an older text accepted before", asked(house=SAFETY), False),
    ("other terms accepted before", asked(safety=EN), False),
    ("an older text before, the present one now", asked(EN, house=SAFETY), True),
]


@pytest.mark.parametrize(("question", "passes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_row_14_the_present_text_is_accepted_before_or_now(question: Subject, *, passes: bool) -> None:
    found = judged(question, HOUSE)
    assert (found.code, found.needs) == ((None, ()) if passes else ("terms_required", (Need.TERMS,)))


def test_row_14_all_terms_that_apply_have_to_be_accepted() -> None:
    assert judged(asked(EN), HOUSE, GOGGLES).code == "terms_required"
    assert judged(asked(EN, safety=SAFETY), HOUSE, GOGGLES).code is None
    assert judged(asked(SAFETY, house=EN), HOUSE, GOGGLES).code is None


def test_row_14_one_text_is_shown_after_the_other() -> None:
    both = rules(HOUSE, GOGGLES)
    shown = [to_show(question, both) for question in (asked(), asked(EN), asked(SAFETY, house=EN))]
    assert [each and each.agreement for each in shown] == ["house", "safety", None]


def test_row_14_the_text_shown_is_in_the_persons_language() -> None:
    wanted = to_show(asked(language="de"), rules(HOUSE))
    assert wanted is not None
    assert (wanted.language, wanted.sha256, wanted.version) == ("de", DE, 3)


def test_row_14_what_is_accepted_now_is_remembered_with_its_version() -> None:
    assert accepting(asked(DE), rules(HOUSE)) == {"house": Acceptance(version=3, sha256=DE, at=NOW)}
    assert accepting(asked(SAFETY), rules(HOUSE)) == {}
    assert accepting(asked(EN, house=EN), rules(HOUSE)) == {}


def test_row_14_the_event_of_the_take_names_every_text_by_version_and_hash() -> None:
    found = judged(asked(SAFETY, house=DE), HOUSE, GOGGLES)
    assert found.proves == {"terms": f"house@3:{DE},safety@1:{SAFETY}"}


def test_row_14_what_passes_names_every_text_by_its_version() -> None:
    assert judged(asked(SAFETY, house=DE), HOUSE, GOGGLES).detail == "accepted: house version 3, safety version 1"


def test_row_14_a_refusal_says_which_terms() -> None:
    found = judged(asked(language="de"), HOUSE)
    assert found.detail == "terms house version 3 (de) are not accepted"
    assert found.facts == {"thing": "Drill", "terms": "House rules"}
