"""How the command ends when something is not as it should be: a sentence, and a status that scripts can read.

1   something has to be mended or failed        78  the settings cannot be used (sysexits.h, EX_CONFIG)
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from edge.drivers.base import DriverError
from edge.enrolment.answer import EnrolmentError
from edge.enrolment.claim import NotEnrolled
from edge.journal import JournalError
from edge.settings.problems import BadSettingsError
from edge.stack import BadStackError, NoSuchBankError

FAILED: Final = 1
BAD_SETTINGS: Final = 78


class RefusedError(Exception):
    """The command will not do that; says why and what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What is told, and the status."""

    text: str
    status: int


def ended(error: BaseException) -> Ending | None:
    """Return how an error ends the command, None for one that nobody expected: that shows its traceback."""
    if isinstance(error, BaseExceptionGroup):
        endings = [ended(each) for each in error.exceptions]
        return endings[0] if None not in endings else None
    match error:
        case BadSettingsError():
            return Ending(text=str(error), status=BAD_SETTINGS)
        case sqlite3.Error():
            return Ending(
                text=f"the journal failed ({error}): nothing may open without it; look at the disk", status=FAILED
            )
        case RefusedError() | EnrolmentError() | NotEnrolled():
            return Ending(text=str(error), status=FAILED)
        case JournalError() | DriverError() | BadStackError() | NoSuchBankError():
            return Ending(text=str(error), status=FAILED)
    return None
