"""Marks on English sentences, by which they are found for translating (`infra/catalogues/extracting.py`)."""

from string import Formatter

from toolcrib.domain.record import Record


class Counted(Record, frozen=True):
    """A sentence whose words depend on a number: the fact `by`."""

    one: str
    many: str
    by: str


Form = str | Counted
Forms = Form | tuple[Form, ...]
"""One way to say it, or several: the first whose facts are all known is said."""


def sentence(words: str) -> str:
    """Mark a sentence; `{names}` in it are facts."""
    return words


def counted(one: str, many: str, *, by: str) -> Counted:
    """Mark a sentence with a number in it: its words for one, and for any other number."""
    return Counted(one, many, by)


def forms_of(said: Forms) -> tuple[Form, ...]:
    """Return the ways to say it, the fullest first."""
    return said if isinstance(said, tuple) else (said,)


def named(form: Form) -> frozenset[str]:
    """Return the names of the facts that a form tells."""
    words = form if isinstance(form, str) else form.many
    return frozenset(name for _, name, _, _ in Formatter().parse(words) if name)
