"""`toolcrib-bank run`: look whether the settings can be used, and become the controller."""

import os
import sys

from edge.cli.options import Config
from edge.settings.loading import DEFAULT, bank_config, load_bank, load_identity


def run(config: Config = DEFAULT) -> None:
    """Run the bank. systemd starts this; status 78 means that the settings have to be mended first."""
    file = load_bank(config)
    bank_config(file, load_identity(file))
    sys.stdout.flush()
    sys.stderr.flush()
    serving = [sys.executable, "-P", "-m", "edge.cli.serving", str(config)]
    os.execv(sys.executable, serving)  # noqa: S606 - the process stays the one that systemd knows
