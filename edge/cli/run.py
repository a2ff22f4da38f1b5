"""`toolcrib-bank run`: the controller itself, until a signal comes."""

import asyncio
import logging
import os

from edge.cli.options import Config
from edge.service.running import serve
from edge.settings.loading import DEFAULT, bank_config, load_bank, load_identity


def run(config: Config = DEFAULT) -> None:
    """Run the bank. systemd starts this; status 78 means that the settings have to be mended first."""
    stamp = "" if "JOURNAL_STREAM" in os.environ else "%(asctime)s "  # systemd's journal stamps every line itself
    logging.basicConfig(level=logging.INFO, format=f"{stamp}%(levelname)s %(name)s %(message)s")
    file = load_bank(config)
    asyncio.run(serve(file, bank_config(file, load_identity(file))))
