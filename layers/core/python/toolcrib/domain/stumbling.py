"""What breaks whoever looks at it: tried again ever later, then set aside and named, while its neighbours go on.

Only what the thing itself brings about counts: a store or a channel that does not answer is no fault of it. The code
tells what broke and in which function, and never what an error said.
"""

import re
from datetime import timedelta
from traceback import extract_tb
from types import TracebackType
from typing import Final

MOST: Final = 5  # times that a thing may break its reader; then it is set aside
FIRST_PAUSE: Final = timedelta(minutes=1)
SET_ASIDE: Final = timedelta(days=1)  # until what has no end of its own is looked at again


def pause(times: int) -> timedelta:
    """Return how long a thing is left alone that broke its reader so many times."""
    return SET_ASIDE if times >= MOST else FIRST_PAUSE * 2 ** (times - 1)


def code_for(error: BaseException | None, trace: TracebackType | None) -> str:
    """Return the code that names what broke, and where: `broken_KeyError_in_late_message`."""
    last = extract_tb(trace)
    where = last[-1].name if last else "nowhere"
    return re.sub(r"\W", "_", f"broken_{type(error).__name__}_in_{where}")[:100]
