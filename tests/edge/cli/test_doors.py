"""`toolcrib-bank doors` as a program of its own, with a lock board on a pseudo-terminal."""

import asyncio
import json
import sys
from pathlib import Path

from edge.journal import Journal
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import plugged
from tests.edge.network import until
from tests.edge.rig import CONFIG

PROGRAM = "from edge.cli.main import app; app()"


async def doors(folder: Path, steel: LockBoardSteel, *verb: str, typed: str = "") -> tuple[int, str]:
    async with plugged(folder, steel.answer) as wire:
        settings = set_up(folder, CONFIG, wire.port)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            PROGRAM,
            "doors",
            *verb,
            "--config",
            str(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        closing = asyncio.create_task(_closed_again(steel))
        output, _ = await process.communicate(typed.encode())
        closing.cancel()
        return process.returncode or 0, output.decode()


async def _closed_again(steel: LockBoardSteel) -> None:
    """Somebody pushes shut what opens, once the board was asked about it."""
    await until(lambda: steel.pulses)
    seen = steel.asked
    await until(lambda: steel.asked > seen + 3)
    steel.closed.update(dict.fromkeys(steel.closed, True))


def test_a_lock_that_works_is_said_to_and_its_opening_is_in_the_journal_as_forced(tmp_path: Path) -> None:
    steel = LockBoardSteel()
    status, output = asyncio.run(doors(tmp_path, steel, "test", "2", typed="open 2\n"))
    assert (status, steel.pulses) == (0, [2]), output
    assert "opened and closed again" in output
    journal = Journal.open(tmp_path / "hq-01.db")
    reports = [journal.find(report) for report in journal.pending()]
    journal.close()
    (body,) = [json.loads(report.body) for report in reports if report is not None]
    assert (body["door"], body["outcome"], body["grant"]) == (2, "forced", None)


def test_a_list_says_how_the_doors_are_and_moves_nothing(tmp_path: Path) -> None:
    steel = LockBoardSteel()
    steel.closed[1] = False
    status, output = asyncio.run(doors(tmp_path, steel, "list"))
    assert status == 0
    assert output.splitlines() == ["device locks: answers", "door 1: is open", "door 2: is closed"]
    assert steel.pulses == []
    assert not (tmp_path / "hq-01.db").exists()
