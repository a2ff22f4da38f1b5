"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands."""

    WELL = "well"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at; `text` says what to do where it is not well."""

    about: str
    verdict: Verdict
    text: str


def well(about: str, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(about=about, verdict=Verdict.WELL, text=text)


def wrong(about: str, text: str) -> Finding:
    """Return that something has to be mended, and how."""
    return Finding(about=about, verdict=Verdict.WRONG, text=text)


def unknown(about: str, text: str) -> Finding:
    """Return that something could not be looked at now."""
    return Finding(about=about, verdict=Verdict.UNKNOWN, text=text)
