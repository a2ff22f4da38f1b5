"""`toolcrib down`."""

from infra.cli.steps import console
from infra.local import programs
from infra.local.home import home


def down() -> None:
    """Stop everything that `up` started, and nothing else."""
    stopped = programs.stop_all(home())
    console.print(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")
