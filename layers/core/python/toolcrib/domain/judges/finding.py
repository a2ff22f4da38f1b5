"""What a rule finds."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import field

from toolcrib.domain.record import Record

Fact = str | int | datetime
"""Something compared that a sentence for people may name."""


class Need(StrEnum):
    """What a person can still bring so that a rule passes (design.md, `session`: `needs`)."""

    PIN = "pin"
    NEW_PIN = "new_pin"
    TERMS = "terms"
    AUTHORISER = "authoriser"
    ANSWERS = "answers"


class Remark(Record, frozen=True, kw_only=True):
    """Something to tell the person beside a yes: which sentence `says` it, and what fills it."""

    says: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Finding(Record, frozen=True, kw_only=True):
    """What a rule found: the refuse code, or None where it passes, and what was compared.

    `detail` is for whoever reads a trace; it names ids, never people. `facts` fill the sentence that a person gets to
    read, which `says` chooses where a code has several (`blocked.lost`); None means the code's own. `needs` is what
    would make it pass at once: a refusal with needs can be cured at a screen. `proves` is what the event of the take
    will say of how it passed: codes, versions and hashes only. `remarks` warn where it passes. `overrides` are the ids
    of those it passed by.
    """

    code: str | None = None
    detail: str
    says: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    proves: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    overrides: tuple[str, ...] = ()
