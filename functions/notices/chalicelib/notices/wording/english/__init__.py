"""English: what people read at six in the morning. Short sentences, the main thing first, then what to do."""

from chalicelib.notices.wording.english.cases import case_words
from chalicelib.notices.wording.english.loans import loan_words
from chalicelib.notices.wording.english.people import person_words
from chalicelib.notices.wording.words import Language

LANGUAGE = Language(code="en", loan=loan_words, case=case_words, person=person_words)
