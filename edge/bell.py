"""Wakes everybody who waits for the next change, without asking again and again."""

import asyncio


class Bell:
    """`rung` counts; who has seen `n` rings waits for the next one."""

    def __init__(self) -> None:
        self.rung = 0
        self.ended = False
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody."""
        self.rung += 1
        self._next.set()
        self._next = asyncio.Event()

    def end(self) -> None:
        """Ring for the last time: whoever listens goes home."""
        self.ended = True
        self.ring()

    async def after(self, seen: int) -> int:
        """Return the number of rings once it is above `seen`; rings in between are one."""
        while self.rung <= seen:
            await self._next.wait()
        return self.rung
