"""What takes its time holds up nobody: not the bank, not the end of its process."""

import subprocess
import sys
from threading import get_ident

import pytest

from edge.updates.apart import apart
from edge.updates.bundle import BundleError

HANGS = """
import asyncio, threading
from edge.updates.apart import apart
async def ended():
    work = asyncio.create_task(apart(threading.Event().wait))
    await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait([work])
asyncio.run(ended())
print("over")
"""


async def test_it_is_done_in_another_thread() -> None:
    seen: list[int] = []
    await apart(lambda: seen.append(get_ident()))
    assert len(seen) == 1
    assert seen != [get_ident()]


async def test_what_it_raises_is_raised() -> None:
    def fails() -> None:
        raise BundleError("no such wheel")

    with pytest.raises(BundleError, match="no such wheel"):
        await apart(fails)


def test_a_process_ends_while_it_hangs() -> None:
    run = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "over\n"), run.stderr
