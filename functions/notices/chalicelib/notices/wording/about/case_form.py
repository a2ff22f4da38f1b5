"""What every kind of case has words for."""

from dataclasses import dataclass

from chalicelib.notices.wording.words import Tone
from toolcrib.send.words.marks import sentence


@dataclass(frozen=True)
class CaseWords:
    """One kind of case."""

    tone: Tone
    headline: str
    happened: str
    steps: tuple[str, ...]


RESOLVE = sentence("Resolve the case with what you found.")
