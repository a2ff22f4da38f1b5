"""Questions to AWS IoT Core's own services over MQTT: one topic to ask on, `/accepted` and `/rejected` for the answer.

(https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html). One question a topic at a time: the
services answer on the connection that asked, and name no question.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

ANSWER_WITHIN_S: Final = 20  # a hook's cold start is a few seconds; IoT Core gives it five
Publish = Callable[[str, bytes], Awaitable[None]]


class RefusedError(Exception):
    """The service said no: `code` is its word, such as AccessDenied."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(f"{code}: {text}")


class SilentError(ConnectionError):
    """There was no answer, or no connection: whether it was done is not known."""


class Questions:
    """What was asked and not answered yet."""

    def __init__(self, publish: Publish, *, within_s: float = ANSWER_WITHIN_S) -> None:
        self._publish, self._within_s = publish, within_s
        self._open: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def ask(self, topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question; raises RefusedError or SilentError."""
        if topic in self._open:
            raise SilentError(f"{topic} was asked already and has not answered")
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._open[topic] = answer
        try:
            await self._publish(topic, json.dumps(question).encode())
            async with asyncio.timeout(self._within_s):
                return await answer
        except TimeoutError as error:
            raise SilentError(f"{topic} did not answer within {self._within_s:g} s") from error
        finally:
            del self._open[topic]

    def received(self, topic: str, payload: bytes) -> bool:
        """Take a message; returns whether it was the answer to something."""
        question, _, verdict = topic.rpartition("/")
        waiting = self._open.get(question)
        if waiting is None or waiting.done() or verdict not in {"accepted", "rejected"}:
            return False
        try:
            said = json.loads(payload)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            waiting.set_exception(SilentError(f"{topic} said something that is no JSON object"))
        elif verdict == "accepted":
            waiting.set_result(said)
        else:
            code = str(said.get("errorCode") or said.get("code") or "Rejected")
            waiting.set_exception(RefusedError(code, str(said.get("errorMessage") or said.get("message") or "")))
        return True

    def lost(self) -> None:
        """The connection broke: nobody answers any more."""
        for waiting in self._open.values():
            if not waiting.done():
                waiting.set_exception(SilentError("the connection broke"))
