"""A notice that breaks the sender is left to the agenda: tried again ever later, then given up under a code."""

from datetime import datetime
from types import TracebackType
from typing import Any

from chalicelib.notices.stream import Woken, heard
from toolcrib import telemetry
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.refusals import LostRace, Refusal
from toolcrib.domain.stumbling import code_for
from toolcrib.flows.apart import NOT_ITS_FAULT, Caught
from toolcrib.store.stumbles import notice_stumbled


def left_to_the_agenda(
    record: dict[str, Any], error: BaseException | None, trace: TracebackType | None, now: datetime
) -> bool:
    """Return whether the stream need not bring a record again, since its notice comes back by itself or is given up.

    Not where the store or a service did not answer, and not for what is no notice.
    """
    if isinstance(error, (*NOT_ITS_FAULT, LostRace)):
        return False
    code = error.code if isinstance(error, Refusal) else code_for(error, trace)
    with Caught():
        call = heard(record)
        if not isinstance(call, Woken):
            return False
        state = notice_stumbled(call.org, call.notice, code, max(now, call.moment or now))
        if state is NoticeState.GIVEN_UP:
            telemetry.count("DeadLetters", source="notices")
        return state is not None
    return False
