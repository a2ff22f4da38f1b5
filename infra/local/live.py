"""The live view: what the simulated banks see, and what is committed, line by line until the stack stops."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from infra.cli.target import Target
from infra.local import ministack, processes
from infra.local.changes import Changes
from infra.local.home import Home, LocalStackError
from infra.local.lines import line
from infra.local.panel import Panel

PAUSE_S = 0.5  # between two looks at the stream
LISTEN_S = 10.0  # one question to the panel waits so long for a line
COLOURS = {"tap": "cyan", "door": "blue", "loan": "green", "notice": "yellow", "case": "red", "alarm": "red"}
SCREEN = "screen"

Write = Callable[[datetime, str, str], None]


def watch(home: Home, target: Target, table: str, console: Console) -> None:
    """Print event lines until the stack stops, which returns, or the person interrupts, which raises."""

    def write(at: datetime, kind: str, text: str) -> None:
        colour = COLOURS.get(kind, "white")
        console.print(f"[dim]{at.astimezone():%H:%M:%S}[/dim] [{colour}]{kind:<8}[/] {text}", soft_wrap=True)

    threading.Thread(target=_follow_banks, args=(home, write), daemon=True).start()
    changes = Changes(target, table)
    while processes.find(home, ministack.NAME) is not None:
        found = changes.read()
        if found is None:
            return
        for changed in found:
            words = line(changed)
            if words is not None:
                write(changed.at, *words)
        time.sleep(PAUSE_S)


def _follow_banks(home: Home, write: Write) -> None:
    """Print the panel's lines from now on; without a panel there are none."""
    after: int | None = None
    while processes.find(home, ministack.NAME) is not None:
        try:
            told = Panel(home).lines(after or 0, wait_s=0 if after is None else LISTEN_S)
        except LocalStackError:
            time.sleep(PAUSE_S)
            continue
        for each in told["lines"] if after is not None else ():
            kind = SCREEN if each["kind"] == "notice" else each["kind"]  # a notice of ours goes to somebody elsewhere
            write(datetime.fromisoformat(each["at"]), kind, f"{each['bank']}: {escape(each['text'])}")
        after = told["next"]
