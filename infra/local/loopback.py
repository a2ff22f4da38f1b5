"""One HTTP client for this machine's own programs: each new one would read all certificate authorities first."""

from functools import cache

import httpx

TIMEOUT_S = 5


@cache
def client() -> httpx.Client:
    """Return it; a proxy that may be set stays out of it."""
    return httpx.Client(timeout=TIMEOUT_S, trust_env=False)
