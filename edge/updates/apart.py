"""Work that takes its time, in a thread that neither the bank waits for nor the end of its process."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


async def apart(work: Callable[[], None]) -> None:
    """Do something that blocks beside everything else; raises what it raises.

    The loop's own threads would hold up the end of the process until they are done, and systemd would have to kill it.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:  # noqa: BLE001 - whoever awaits gets it, whatever it is
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, name="update", daemon=True).start()
    await done
