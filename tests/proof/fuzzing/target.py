"""Fuzz one parser, guided by coverage: `python -m tests.proof.fuzzing.target "upload tap" SECONDS FOLDER`.

Runs in a process of its own with Atheris on its path; an empty folder gets the corpus, and in `seen.json` how many
inputs were executed and what was not handled.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import Final

import atheris

MAX_BYTES: Final = 4_096
SLOWEST_S: Final = 30  # of one input, on a machine with other things to do; longer is a failure
KEPT: Final = 5  # failures that are told
SEEN: Final = "seen.json"

with atheris.instrument_imports(include=["toolcrib", "chalicelib", "edge", "infra.local.inbox", "jwt"]):
    from tests.proof.fuzzing.nasty import VALUE, VALUES, WHOLE
    from tests.proof.fuzzing.parser import Feed, Parser, understood
    from tests.proof.fuzzing.table import PARSERS


class Counted:
    """Feeds a parser and counts; what a parser does not handle is kept, and fuzzing goes on."""

    def __init__(self, parser: Parser, feed: Feed, seconds: float, seen: Path) -> None:
        self.executions = self.understood = self.unhandled = 0
        self.failures: list[dict[str, str]] = []
        self._parser, self._feed, self._seen = parser, feed, seen
        self._end = time.monotonic() + seconds

    def __call__(self, data: bytes) -> None:
        """Take one input; when the time is over, say what was counted and leave: the fuzzer never returns."""
        if time.monotonic() > self._end:
            self._keep()
            os._exit(0)
        self.executions += 1
        try:
            self.understood += understood(self._parser, self._feed, data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self.unhandled += 1
            if len(self.failures) < KEPT:
                self.failures.append({"input": repr(data), "error": repr(error)[:300]})

    def _keep(self) -> None:
        names = ("executions", "understood", "unhandled", "failures")
        self._seen.write_text(json.dumps({name: getattr(self, name) for name in names}))


def mutated(data: bytes, max_bytes: int, seed: int) -> bytes:
    """Return an input changed: half the time a whole value of its JSON, since coverage sees nothing of C's parsers."""
    rng = Random(seed)
    values = [found.span() for found in VALUE.finditer(data)]
    if not values or rng.random() < 0.5:
        return bytes(atheris.Mutate(data, max_bytes))
    start, end = rng.choice(values)
    return (data[:start] + rng.choice(VALUES) + data[end:])[:max_bytes]


def main(name: str, seconds: str, folder: str) -> None:
    """Fuzz for so many seconds from the parser's own seeds, after all that is known to be nasty."""
    logging.disable(logging.CRITICAL)
    os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"
    parser, corpus = PARSERS[name], Path(folder) / "corpus"
    corpus.mkdir()
    for number, seed in enumerate((*parser.seeds, *VALUES)):
        (corpus / str(number)).write_bytes(seed)
    with parser.opened() as feed:
        counted = Counted(parser, feed, float(seconds), Path(folder) / SEEN)
        for nasty in WHOLE:
            counted(nasty)
        limits = (f"-max_len={MAX_BYTES}", f"-timeout={SLOWEST_S}", "-verbosity=0", "-rss_limit_mb=0")
        atheris.Setup([sys.argv[0], str(corpus), *limits], counted, custom_mutator=mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
