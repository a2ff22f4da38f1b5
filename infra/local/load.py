"""Loads a workplace through the product's own HTTP API, once: every request carries a key of its own content."""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from infra.local import banks, sample
from infra.local.api import Api, ApiError, part
from infra.local.home import Home
from infra.local.sample.rules import FALLBACK

STATE, BEGUN, LOADED = "loaded.json", "begun", "loaded"
AT_ONCE = 2  # one more function, and both cores of a small machine have something to do
THERE = HTTPStatus.CONFLICT  # an earlier load came so far, and its answers are no longer kept


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing to be made."""

    path: str
    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The `Idempotency-Key`: the same for the same request, so that a second load repeats nothing."""
        content = json.dumps([self.path, self.body], sort_keys=True)
        return f"sample-{hashlib.sha256(content.encode()).hexdigest()[:40]}"


Lane = tuple[Request, ...]
"""What is sent one after the other; different lanes may be sent at the same time."""


def fallback(api: Api) -> None:
    """Give the org the policy that names nothing, which every org has."""
    _send(api, Request(path="/policies", body=FALLBACK))


def wanted(home: Home, api: Api) -> bool:
    """Whether the sample is to be loaded: it was begun, or there is no workplace here yet."""
    state = home.read(STATE).get("sample")
    return state == BEGUN or (state is None and next(api.all("/sites"), None) is None)


def is_begun(home: Home) -> bool:
    """Whether the sample was begun and did not come to its end."""
    return bool(home.read(STATE).get("sample") == BEGUN)


def workplace(home: Home, api: Api, advance: Callable[[], None]) -> None:
    """Load the sample workplace and enrol its banks; `advance` is called after each of `size()` steps."""
    home.write(STATE, {"sample": BEGUN})
    for request in _rules():
        _send(api, request)
        advance()
    for cabinet in sample.BANKS:
        banks.create(api, cabinet)
        if cabinet.id not in home.read("stack.json")["banks"]:
            banks.enrol(home, api, cabinet)
        advance()

    def send(lane: Lane) -> None:
        for request in lane:
            _send(api, request)
            advance()

    pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="load")
    try:
        deque(pool.map(send, _lanes()), maxlen=0)
    finally:
        pool.shutdown(cancel_futures=True)
    known = {person["id"]: sample.uid(badge) for person, badge in sample.PEOPLE}
    home.update("stack.json", lambda stack: stack["badges"].update(known))


def size() -> int:
    """Return how many steps `workplace` takes."""
    return len(tuple(_rules())) + len(sample.BANKS) + sum(map(len, _lanes()))


def contents(bank: str) -> dict[int, list[str]]:
    """Return what lies behind the doors of a sample bank at the start, by tags."""
    tags = {asset["id"]: asset["tag"] for asset in sample.ASSETS}
    return {door: [tags[asset]] for asset, where, door in sample.STOWED if where == bank}


def names() -> dict[str, str]:
    """Return what is written on the sample's things, by tags."""
    return {asset["tag"]: asset["name"] for asset in sample.ASSETS}


def finish(home: Home) -> None:
    """Remember that everything is loaded, and its banks are played."""
    home.write(STATE, {"sample": LOADED})


def _rules() -> Iterator[Request]:
    """Yield sites and rules, in an order in which nothing is named before it is there."""
    yield from (Request(path="/sites", body=site) for site in sample.SITES)
    yield from (Request(path="/asset-types", body=kind) for kind in sample.TYPES)
    yield from (Request(path="/groups", body=group) for group in sample.GROUPS)
    yield from (Request(path="/policies", body=policy) for policy in (FALLBACK, *sample.POLICIES))


def _lanes() -> Iterator[Lane]:
    """Yield what hangs together: a person with their badge, a thing with its door."""
    for person, badge in sample.PEOPLE:
        badges = f"/people/{part(person['id'])}/badges"
        yield Request(path="/people", body=person), Request(path=badges, body=sample.number(badge))
    doors = {asset: {"bank": bank, "door": door} for asset, bank, door in sample.STOWED}
    for asset in sample.ASSETS:
        stow = Request(path=f"/assets/{part(asset['id'])}/stow", body=doors.get(asset["id"], {}))
        yield Request(path="/assets", body=asset), *([stow] if stow.body else [])


def _send(api: Api, request: Request) -> None:
    try:
        api.post(request.path, request.body, key=request.key)
    except ApiError as error:
        if error.status != THERE:
            raise
