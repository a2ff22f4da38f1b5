"""Every kind of case has its own words, and they stand on their own."""

import pytest

from chalicelib.notices.wording import word
from chalicelib.notices.wording.about.case_kinds import KINDS
from tests.support.stories import TAKEN, about_a_case, about_a_loan
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.policies import To


def test_every_kind_of_case_has_words() -> None:
    assert set(KINDS) == set(CaseKind)


def test_no_two_kinds_share_a_headline() -> None:
    assert len({kind.headline for kind in KINDS.values()}) == len(CaseKind)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_case_says_what_where_when_and_what_to_do(kind: CaseKind) -> None:
    message = word(about_a_case(kind))
    assert "{" not in message.text + message.subject
    assert "today at 08:12" in message.text
    assert "Where: hq-01, door 3, HQ Berlin" in message.text
    assert message.text.count("\n* ") >= 2
    assert message.tags == {"notice": "notice-1", "case": "case-1", "step": str(kind)}


@pytest.mark.parametrize("kind", CaseKind)
def test_a_case_of_which_nothing_is_known_still_makes_sentences(kind: CaseKind) -> None:
    message = word(about_a_case(kind, thing="", thing_type="", holder="", bank="", door=None, site=""))
    first = message.text.splitlines()
    assert "None" not in message.text
    assert "  " not in message.text
    assert first[2][0].isupper()


def test_a_forced_door_is_unmistakable() -> None:
    message = word(about_a_case(CaseKind.FORCED, holder=""))
    assert message.subject == "Forced open: door 3 of hq-01"
    assert "Door 3 of hq-01 was opened today at 08:12 although nobody was let in." in message.text
    assert "Go and look now, or send security" in message.text
    assert message.blocks[0]["text"]["text"].startswith("🚨 ")


def test_what_somebody_noted_is_quoted() -> None:
    assert "Noted: lens cracked" in word(about_a_case(CaseKind.FAULT, remark="lens cracked")).text


def test_whoever_used_a_door_last_is_not_told_that_they_have_a_loan() -> None:
    text = word(about_a_case(CaseKind.LEFT_OPEN, notice={"to": To.HOLDER})).text
    assert "You get this because you used it last." in text
    assert "on loan" not in text
    assert "because it is on loan to you" in word(about_a_loan(TAKEN)).text
