"""Words that several verbs use."""

import os
import shutil
import sys
from pathlib import Path


def command() -> str:
    """Return how the person at this terminal calls this command."""
    me = Path(sys.argv[0]).absolute()
    if shutil.which("toolcrib") == str(me):
        return "toolcrib"
    return os.path.relpath(me) if me.name == "toolcrib" else ".venv/bin/toolcrib"
