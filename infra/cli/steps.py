"""Progress a person can follow: one line a step, with its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` at work, then as done with the seconds it took, or as failed."""
    begun = time.monotonic()
    try:
        with console.status(f"{title} ..."):
            yield
    except BaseException:
        console.print(f"[red]✗[/red] {title}")
        raise
    console.print(f"[green]✓[/green] {title} [dim]{time.monotonic() - begun:.1f} s[/dim]")
