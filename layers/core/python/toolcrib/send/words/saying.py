"""From a key and facts to the sentence that a person reads."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Final

from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.refusals import Refusal
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import Counted, Forms, forms_of, named
from toolcrib.send.words.moments import moment
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.tables import answers, doors, refusals, screens

WORDS: Final[Mapping[str, Forms]] = dict(
    chain.from_iterable(table.WORDS.items() for table in (refusals, answers, doors, screens))
)
"""Every sentence by its key."""


def said(key: str, facts: Mapping[str, Fact], reader: Reader) -> str:
    """Return the fullest form of a sentence that the facts can fill; raises `KeyError` where none can be."""
    form = next((each for each in forms_of(WORDS[key]) if named(each) <= facts.keys()), None)
    if form is None:
        raise KeyError(key, *facts)
    told = {name: moment(fact, reader) if isinstance(fact, datetime) else fact for name, fact in facts.items()}
    language = catalogue(reader.language)
    if isinstance(form, Counted):
        return language.ngettext(form.one, form.many, int(str(told[form.by]))).format_map(told)
    return language.gettext(form).format_map(told)


def plainly(refusal: Refusal) -> str:
    """Return why a rule refuses in plain English without any facts; empty for what is no rule's refusal."""
    form = forms_of(refusals.WORDS.get(refusal.code, ""))[-1]
    return form if isinstance(form, str) else form.many


def why_not(refusal: Refusal, reader: Reader) -> str:
    """Return why a rule refuses, and what to do next: the one text for the bank and for the API."""
    key = next(each for each in (refusal.says or "", refusal.code, "refused") if each in WORDS)
    return said(key, refusal.facts, reader)
