"""Progress a person can follow: one line a step, with its time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

console = Console()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` at work, then as done with the seconds it took, or as failed."""
    with _timed(title), console.status(f"{title} ..."):
        yield


@contextmanager
def bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    """Show `title` with a bar of `total` parts; yield what moves it by one."""
    columns = TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with _timed(title), Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


@contextmanager
def counting(title: str, about: int) -> Iterator[Callable[[int, str], None]]:
    """Show `title` with a bar of about so many (0: nobody knows); yield what sets how many, and of what, were seen."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=about or None, words="")
        yield lambda done, words: progress.update(
            task, completed=done, total=max(done, about) if about else None, words=words
        )


@contextmanager
def _timed(title: str) -> Iterator[None]:
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        console.print(f"[red]✗[/red] {title}")
        raise
    console.print(f"[green]✓[/green] {title} [dim]{time.monotonic() - begun:.1f} s[/dim]")
