"""One thing of many at a time: whatever it breaks, its neighbours go on; it is named, and looked at ever later."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from botocore.exceptions import BotoCoreError, ClientError

from toolcrib.domain.notices import NoticeState
from toolcrib.domain.refusals import LostRace, Refusal
from toolcrib.domain.stumbling import MOST, code_for
from toolcrib.store.errors import StoreError
from toolcrib.store.reads import Key
from toolcrib.store.stumbles import item_stumbled, notice_stumbled
from toolcrib.telemetry import count, logger

NOT_ITS_FAULT = (StoreError, BotoCoreError, ClientError)
"""What passes by itself: the store, or a service, that does not answer."""


class Caught:
    """Keeps what went wrong inside, whatever it was, under a code that names it."""

    error: Exception | None = None
    code: str = ""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        """Keep an error, its kind and its place."""
        if not isinstance(error, Exception):
            return False
        self.error, self.code = error, error.code if isinstance(error, Refusal) else code_for(error, trace)
        return True


def apart(org: str, kind: str, act: Callable[[], str], *, key: Key | None, now: datetime) -> str:
    """Do one thing; return what was done, or how it failed.

    What lies under `key` and broke us by itself comes again later, and once a day after `MOST` times; a notice is
    given up then, and can be redriven.
    """
    with Caught() as caught:
        return act()
    if isinstance(caught.error, LostRace):  # it is being dealt with by somebody else at this very moment
        return "overtaken"
    logger().error("sweep_failed", extra={"org": org, "kind": kind.lower(), "code": caught.code, **_named(key)})
    if key is None or isinstance(caught.error, NOT_ITS_FAULT):
        return "failed"
    with suppress(*NOT_ITS_FAULT):  # then it is met again in a minute
        if _set_aside(org, key, caught.code, now):
            count("DeadLetters", source="agenda")
            return "set_aside"
    return "failed"


def _named(key: Key | None) -> dict[str, str]:
    return {} if key is None else {"op": key[0].rpartition("#")[2]}


def _set_aside(org: str, key: Key, code: str, now: datetime) -> bool:
    """Let it come later; return whether it was looked at often enough. A notice that is no item at all is an item."""
    if key[1] == "NOTICE":
        with Caught() as caught:
            state = notice_stumbled(org, key[0].rpartition("#")[2], code, now)
            return state is not None and state is NoticeState.GIVEN_UP
        if isinstance(caught.error, NOT_ITS_FAULT):
            raise caught.error
    return item_stumbled(key, now) >= MOST
