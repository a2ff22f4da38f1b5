"""Patience with DynamoDB: what may be tried again, how often, how long apart."""

from collections.abc import Callable
from typing import TypeVar

from pynamodb.exceptions import PynamoDBException

T = TypeVar("T")

ATTEMPTS = 6  # with the pauses below at most about 2 s, well within every function's timeout
FIRST_PAUSE_S = 0.025
LONGEST_PAUSE_S = 0.5


def patiently(action: Callable[[], T], *, when: Callable[[PynamoDBException], bool]) -> T:
    """Run `action`; while it fails in a way that `when` says may pass, run it again after a jittered pause.

    tenacity is loaded only once something has to be waited for: the undisturbed path does not pay for it.
    """
    try:
        return action()
    except PynamoDBException as error:
        if not when(error):
            raise
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

    pause = wait_random_exponential(multiplier=FIRST_PAUSE_S, max=LONGEST_PAUSE_S)
    again = retry_if_exception(lambda error: isinstance(error, PynamoDBException) and when(error))
    return Retrying(stop=stop_after_attempt(ATTEMPTS - 1), wait=pause, retry=again, reraise=True)(action)
