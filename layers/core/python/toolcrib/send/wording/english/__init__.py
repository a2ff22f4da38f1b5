"""English: what people read at six in the morning. Short sentences, the main thing first, then what to do."""

from toolcrib.send.wording.english.cases import case_words
from toolcrib.send.wording.english.loans import loan_words
from toolcrib.send.wording.english.people import person_words
from toolcrib.send.wording.words import Language

LANGUAGE = Language(code="en", loan=loan_words, case=case_words, person=person_words)
