"""Debounced contacts: a level counts once two readings in a row agree; the first reading of all counts at once."""


class Contact:
    """One contact. `closed` is its settled level, None before anything was read."""

    def __init__(self) -> None:
        self.closed: bool | None = None
        self._last: bool | None = None

    def read(self, closed: bool) -> bool:  # noqa: FBT001 - a level, not a switch
        """Take a reading; return whether the settled level changed (the first one included)."""
        agrees = self.closed is None or closed == self._last
        self._last = closed
        if not agrees or closed == self.closed:
            return False
        self.closed = closed
        return True

    def forget(self) -> None:
        """Know nothing: the device is away."""
        self.closed = self._last = None
