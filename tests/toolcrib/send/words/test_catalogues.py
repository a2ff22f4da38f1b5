"""What a bank may say is marked for translating, and every number finds its form."""

from string import Formatter

import pytest

from infra.catalogues.extracting import extracted
from infra.catalogues.places import BANKS
from toolcrib.domain.languages import SPOKEN
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import Counted, Form, forms_of
from toolcrib.send.words.moments import ANY_YEAR, MONTHS, THIS_YEAR, WEEKDAYS
from toolcrib.send.words.saying import WORDS

FORMS: list[Form] = [form for said in WORDS.values() for form in forms_of(said)]


def facts(text: str) -> tuple[str, ...]:
    return tuple(sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None}))


def test_every_sentence_that_is_said_is_marked() -> None:
    said = {form.one if isinstance(form, Counted) else form for form in FORMS}
    ids = (message.id for message in extracted(BANKS) if message.id)
    marked = {each if isinstance(each, str) else each[0] for each in ids}
    assert said | {*WEEKDAYS, *MONTHS, THIS_YEAR, ANY_YEAR} == marked


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
