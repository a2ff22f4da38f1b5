"""The catalogues are complete: every sentence in every language, with the same facts in it, and nothing left over."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message

from infra.catalogues.extracting import extracted
from infra.catalogues.files import read
from infra.catalogues.places import catalogue_files, language_of
from toolcrib.domain.languages import ENGLISH, SPOKEN
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import Counted, Form, forms_of
from toolcrib.send.words.moments import ANY_YEAR, MONTHS, THIS_YEAR, WEEKDAYS
from toolcrib.send.words.saying import WORDS

FORMS: list[Form] = [form for said in WORDS.values() for form in forms_of(said)]
CATALOGUES = {language_of(path): [each for each in read(path) if each.id] for path in catalogue_files()}
in_every_language = pytest.mark.parametrize("language", CATALOGUES)


def texts(of: str | tuple[str, ...] | list[str]) -> list[str]:
    return [of] if isinstance(of, str) else list(of)


def facts(text: str) -> tuple[str, ...]:
    return tuple(sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None}))


def marked() -> set[str]:
    return {texts(message.id)[0] for message in extracted() if message.id}


def untold(message: Message) -> bool:
    """Whether a translation is missing, waits for a second look, or tells other facts than the English sentence."""
    same = {facts(text) for text in texts(message.string)} == {facts(texts(message.id)[-1])}
    return message.fuzzy or not all(texts(message.string)) or not same


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert sorted(CATALOGUES) == sorted(set(SPOKEN) - {ENGLISH})


@in_every_language
def test_the_sentences_of_the_source_are_in_it_and_no_others(language: str) -> None:
    assert {texts(message.id)[0] for message in CATALOGUES[language]} == marked(), "run `make words`"


@in_every_language
def test_every_sentence_is_translated_and_tells_the_same_facts(language: str) -> None:
    assert [message.id for message in CATALOGUES[language] if untold(message)] == []


@in_every_language
def test_translations_are_typed_with_care(language: str) -> None:
    for message in CATALOGUES[language]:
        for text in texts(message.string):
            assert not re.search(r"\s{2}|^\s|\s$|\s[.,]", text), text
            assert text[-1] in {".", "}"} or texts(message.id)[0][-1] != ".", text


def test_every_sentence_that_is_said_is_marked() -> None:
    said = {form.one if isinstance(form, Counted) else form for form in FORMS}
    assert said | {*WEEKDAYS, *MONTHS, THIS_YEAR, ANY_YEAR} == marked()


@pytest.mark.parametrize("language", SPOKEN)
def test_a_number_finds_its_form_in_every_language(language: str) -> None:
    told = catalogue(language).ngettext
    for form in (form for form in FORMS if isinstance(form, Counted)):
        assert facts(form.one) == facts(form.many)
        assert form.by in facts(form.many)
        assert all(told(form.one, form.many, number) for number in range(130))


def test_polish_counts_in_three_forms() -> None:
    form = WORDS["not_shown"]
    assert isinstance(form, Counted)
    told = {number: catalogue("pl").ngettext(form.one, form.many, number) for number in (1, 2, 5, 12, 22)}
    assert len(set(told.values())) == 3
    assert told[2] == told[22] != told[12] == told[5]


@pytest.mark.parametrize(
    "wrong",
    [
        Message("{thing} is back.", ""),
        Message("{thing} is back.", "Es ist zurück."),
        Message("{thing} is back.", "{things} ist zurück."),
        Message("{thing} is back.", "{thing} ist zurück.", flags={"fuzzy"}),
        Message(("{count} thing", "{count} things"), ("{count} Ding", "")),
        Message(("{count} thing", "{count} things"), ("ein Ding", "{count} Dinge")),
    ],
)
def test_what_is_wrong_would_be_noticed(wrong: Message) -> None:
    assert untold(wrong)
