"""One reader's language and clock, with which every sentence of a message is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.notices.wording.speech import moments
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import Counted, Form

LOCALE: Final = Path(__file__).parents[1] / "locale"

Fact = str | int | datetime | timedelta
"""What fills a sentence: an instant is told as `today at 17:30`, a duration as `2 hours 5 minutes`."""


@dataclass(frozen=True)
class Speech:
    """How to speak: `now` decides what is today, `zone` is the site's."""

    language: str
    zone: ZoneInfo
    now: datetime

    def say(self, form: Form, /, **facts: Fact) -> str:
        """Return a sentence filled with facts; raises `KeyError` where one is missing."""
        told = {name: self._told(fact) for name, fact in facts.items()}
        words = catalogue(self.language, "notices", LOCALE)
        if isinstance(form, Counted):
            return words.ngettext(form.one, form.many, int(told[form.by])).format_map(told)
        return words.gettext(form).format_map(told)

    def stamp(self, at: datetime) -> str:
        """Return `Sat 21 Nov 2026, 17:30 CET`: nothing left to guess."""
        return moments.stamp(self, at)

    def _told(self, fact: Fact) -> str:
        if isinstance(fact, datetime):
            return moments.when(self, fact)
        return moments.length(self, fact) if isinstance(fact, timedelta) else str(fact)
