"""AWS IoT Core's own services on the bank's connection: what was asked is answered, and what is news is passed on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from edge.enrolment.questions import Publish, Questions, SilentError
from edge.link import LinkLostError

News = Callable[[str, bytes], None]


class Services:
    """The link's `Aside`. `news` hears every message that answers no question; `ready` is called when it may ask.

    Make it, make the link with it, then `speak_through` the link.
    """

    def __init__(
        self, filters: Sequence[str], *, news: News | None = None, ready: Callable[[], None] | None = None
    ) -> None:
        self.filters = filters
        self._news, self._ready = news or (lambda _topic, _payload: None), ready or (lambda: None)
        self._publish: Publish | None = None
        self._questions = Questions(self._say)
        self._joined = False

    def speak_through(self, publish: Publish) -> None:
        """Ask through `Link.publish_aside` from now on."""
        self._publish = publish

    async def ask(self, topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question; raises RefusedError, or SilentError where there is none."""
        if not self._joined:
            raise SilentError("the bank is not connected")
        return await self._questions.ask(topic, question)

    def joined(self) -> None:
        """Take the link's word."""
        self._joined = True
        self._ready()

    def heard(self, topic: str, payload: bytes) -> None:
        """Take the link's word."""
        if not self._questions.received(topic, payload):
            self._news(topic, payload)

    def left(self) -> None:
        """Take the link's word."""
        self._joined = False
        self._questions.lost()

    async def _say(self, topic: str, payload: bytes) -> None:
        if self._publish is None:
            raise SilentError("the bank has no connection to ask through")
        try:
            await self._publish(topic, payload)
        except LinkLostError as error:
            raise SilentError(str(error)) from error
