"""Lets the functions that banks talk to load before anybody waits for them.

A cold function needs seconds on a laptop; conversation older than ten is dropped, and a bank that gets no answer asks
again, which wakes one more of them.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from infra.cli.target import Target

NEEDED = ("on_time", "on_status", "on_tap", "on_choice", "on_door")
NOISE = json.dumps({"thing": "warm-up", "body": "", "received_ms": 0}).encode()  # no bank: it ends where it is parsed
AT_ONCE = 2  # a laptop's cores are needed for the rest of the start, too


@contextmanager
def warming(target: Target, functions: dict[str, str]) -> Iterator[None]:
    """Wake the functions while the body runs; ends when all of them have woken."""
    client = target.client("lambda")
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="warm") as pool:
        for name in NEEDED:
            pool.submit(client.invoke, FunctionName=functions[name], Payload=NOISE)
        yield
