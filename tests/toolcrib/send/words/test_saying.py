"""What a bank says, read as a person would: a sentence for everything that can happen, no placeholder left over."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from tests.support.workplace import NOW
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.offers.option import OptionKind
from toolcrib.domain.refusals import Refusal
from toolcrib.send.words.marks import Counted, forms_of, named
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import WORDS, said, why_not
from toolcrib.send.words.tables import answers, doors, refusals, screens

READER = Reader(zone="Europe/Berlin", now=NOW)
MOMENTS = {"due", "from", "until", "since", "next"}
NUMBERS = {"count", "most", "left", "percent", "least"}
NAMES = {"thing", "parts", "other", "door", "bank", "site", "certification", "terms", "reason", "group"}
"""What sentences may name. Nobody's name is among them: people at a bank learn nothing about each other."""


FORMS = [(key, form) for key, forms in WORDS.items() for form in forms_of(forms)]


def fact(name: str) -> Fact:
    return NOW + timedelta(days=1) if name in MOMENTS else 3 if name in NUMBERS else "Drill {1}"


@pytest.mark.parametrize("language", SPOKEN)
def test_every_form_can_be_said_in_every_language(language: str) -> None:
    for key, form in FORMS:
        text = said(key, {name: fact(name) for name in named(form)}, Reader(language=language, now=NOW))
        assert not re.search(r"\{(?!1\})", text), text
        assert 0 < len(text) < 260, text


@pytest.mark.parametrize("key", WORDS)
def test_sentences_name_things_times_and_numbers_and_nobody(key: str) -> None:
    assert {name for form in forms_of(WORDS[key]) for name in named(form)} <= MOMENTS | NUMBERS | NAMES


@pytest.mark.parametrize("key", [*refusals.WORDS, *answers.WORDS, *doors.WORDS])
def test_what_is_said_is_a_whole_sentence(key: str) -> None:
    for form in forms_of(WORDS[key]):
        english = form.many if isinstance(form, Counted) else form
        assert re.fullmatch(r"([A-Z]|\{thing\}).{5,180}([.]|: \{\w+\})", english), english


@pytest.mark.parametrize("code", refusals.WORDS)
def test_a_refusal_can_be_told_whatever_facts_are_missing(code: str) -> None:
    assert named(forms_of(WORDS[code])[-1]) == frozenset()
    assert why_not(Refusal(code=code), READER) == forms_of(WORDS[code])[-1]


@pytest.mark.parametrize("key", WORDS)
def test_the_fullest_form_comes_first(key: str) -> None:
    told = [named(form) for form in forms_of(WORDS[key])]
    assert not any(later >= earlier for place, earlier in enumerate(told) for later in told[place + 1 :])


def test_no_sentence_is_used_for_two_things_and_no_key_twice() -> None:
    texts = Counter(str(form) for said in WORDS.values() for form in forms_of(said))
    assert [text for text, times in texts.items() if times > 1] == []
    assert len(WORDS) == sum(len(table.WORDS) for table in (refusals, answers, doors, screens))


def test_what_a_finding_says_is_preferred_to_its_code() -> None:
    refusal = Refusal(
        code="allowance_reached", says="allowance_reached.type", facts={"count": 2, "most": 2, "thing": "Saw"}
    )
    assert why_not(refusal, READER) == "Saw: you have 2, at most 2 at a time. Return one first, or ask your supervisor."


def test_a_reason_nobody_has_worded_is_told_as_its_code() -> None:
    assert why_not(Refusal(code="no_access", says="no_access.of_a_new_kind", facts={"thing": "Saw"}), READER) == (
        "You may not take Saw here. Ask your supervisor to give you access."
    )


def test_a_fact_that_is_a_moment_is_told_on_the_sites_clock() -> None:
    text = said("taken", {"thing": "Drill {1}", "due": NOW}, Reader(language="fr", zone="Europe/Berlin", now=NOW))
    assert text == "Drill {1} est à vous jusqu’à ven. 20 nov., 10:00."


def test_a_number_decides_the_form() -> None:
    assert said("pin_wrong", {"left": 1}, READER).startswith("That PIN was wrong. You have 1 more try,")
    assert said("pin_wrong", {"left": 4}, READER).startswith("That PIN was wrong. You have 4 more tries,")


def test_a_sentence_without_its_facts_is_not_said() -> None:
    with pytest.raises(KeyError):
        said("taken", {"thing": "Drill"}, READER)


def test_every_kind_of_option_has_its_title() -> None:
    assert {f"title.{kind}" for kind in OptionKind} <= screens.WORDS.keys()
