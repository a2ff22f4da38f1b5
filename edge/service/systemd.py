"""Tell systemd how the service is: the notification protocol of sd_notify(3), one datagram a message.

The manual itself recommends these few lines over a library; without systemd nothing is sent.
"""

import os
import socket
from dataclasses import dataclass
from typing import Final, Self

WATCHDOG_FEEDS: Final = 3  # in one watchdog period: two may be late


@dataclass(frozen=True, kw_only=True)
class Notifier:
    """Sends to the socket that systemd named, and knows how often it wants to hear."""

    address: str | None
    watchdog_s: float | None

    @classmethod
    def of_environment(cls) -> Self:
        """Read what systemd says to its services."""
        mine = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        period_us = os.environ.get("WATCHDOG_USEC", "0") if mine else "0"
        period_s = int(period_us) / 1_000_000 if period_us.isdecimal() else 0.0
        return cls(address=os.environ.get("NOTIFY_SOCKET"), watchdog_s=period_s or None)

    @property
    def feed_every_s(self) -> float | None:
        """Return how often to feed the watchdog, None where there is none."""
        return None if self.watchdog_s is None else self.watchdog_s / WATCHDOG_FEEDS

    def tell(self, **facts: object) -> None:
        """Send facts such as ready=1, watchdog=1, stopping=1 or status="…"; nobody listening is no error."""
        if not self.address:
            return
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        message = "\n".join(f"{name.upper()}={value}" for name, value in facts.items())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
            try:
                link.sendto(message.encode(), address)
            except OSError:
                return
