"""Download a roster's body: over TLS as the machine's own certificates say, no redirects, no more than was signed."""

import asyncio
import logging
import ssl
from typing import Final

import httpx

from edge.actions import Fetch

log = logging.getLogger(__name__)
LIMIT_S: Final = 60  # for all of it: the address is good for no longer
STALL_S: Final = 15  # without a byte
OK: Final = 200


async def download(fetch: Fetch) -> bytes | None:
    """Return the body, or None when it cannot be had or is longer than promised; its address is never logged."""
    try:
        async with _client() as client, asyncio.timeout(LIMIT_S), client.stream("GET", fetch.url) as response:
            if response.status_code != OK:
                log.warning("roster not fetched: status %d", response.status_code)
                return None
            return await _bounded(response, fetch.bytes)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        log.warning("roster not fetched: %s", type(error).__name__)
        return None


async def _bounded(response: httpx.Response, most_bytes: int) -> bytes | None:
    body = bytearray()
    async for chunk in response.aiter_raw():  # as it is stored: nothing is unpacked that was not signed
        body += chunk
        if len(body) > most_bytes:
            log.warning("roster not fetched: more than %d bytes", most_bytes)
            return None
    return bytes(body)


def _client() -> httpx.AsyncClient:
    """Trust what the operating system trusts (it is updated for ten years), and no proxy of the environment."""
    for chatty in ("httpx", "httpcore"):  # they log addresses, and whoever has one may read the roster
        logging.getLogger(chatty).setLevel(logging.WARNING)
    as_stored = {"accept-encoding": "identity"}
    return httpx.AsyncClient(verify=ssl.create_default_context(), timeout=STALL_S, trust_env=False, headers=as_stored)
