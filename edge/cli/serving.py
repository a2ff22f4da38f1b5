"""`python -m edge.cli.serving bank.toml`: the process that `toolcrib-bank run` becomes, under the same process id.

What reads a command line stays behind: it is a quarter of the memory, and a bank reads one once in months.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

from edge.cli.ending import Ending, ended
from edge.service.running import serve
from edge.settings.loading import bank_config, load_bank, load_identity


def main(settings: Path) -> int:
    """Run the controller until a signal comes; returns the exit status."""
    stamp = "" if "JOURNAL_STREAM" in os.environ else "%(asctime)s "  # systemd's journal stamps every line itself
    logging.basicConfig(level=logging.INFO, format=f"{stamp}%(levelname)s %(name)s %(message)s")
    try:
        file = load_bank(settings)
        asyncio.run(serve(file, bank_config(file, load_identity(file))))
    except Exception as error:
        ending = ended(error)
        if not isinstance(ending, Ending):
            raise
        sys.stderr.write(f"{ending.text}\n")
        return ending.status
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
