import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from edge import fetching
from edge.actions import Fetch
from edge.fetching import download

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A place that answers every request as told; what was asked is kept."""
    asked: list[bytes] = []
    served: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.Event())
        done = served[-1]
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        with suppress(ConnectionError):  # who asked may go away in the middle
            await answer(writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        done.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/roster?signature=SECRET", asked
        for done in served:
            await done.wait()


def replying(body: bytes, *, status: str = "200 OK", headers: str = "", told: int | None = None) -> Answer:
    async def reply(writer: asyncio.StreamWriter) -> None:
        length = len(body) if told is None else told
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n".encode() + body)
        await writer.drain()

    return reply


async def fetched(answer: Answer, size: int = 5) -> bytes | None:
    async with server(answer) as (url, _):
        return await download(Fetch(url=url, bytes=size, sha256="0" * 64))


async def test_a_body_of_the_promised_size_is_read() -> None:
    assert await fetched(replying(b"12345")) == b"12345"


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "500 Oops", "206 Partial Content"])
async def test_anything_but_all_of_it_is_nothing(status: str) -> None:
    assert await fetched(replying(b"12345", status=status)) is None


async def test_more_than_was_promised_is_not_read_to_its_end() -> None:
    assert await fetched(replying(b"1" * 10_000_000)) is None


async def test_less_than_the_server_said_is_nothing() -> None:
    assert await fetched(replying(b"123", told=5)) is None


async def test_no_redirect_is_followed() -> None:
    async with server(replying(b"12345")) as (elsewhere, asked):
        assert await fetched(replying(b"", status="302 Found", headers=f"location: {elsewhere}\r\n")) is None
        assert asked == []


async def test_nothing_is_unpacked() -> None:
    """A few bytes that unpack to gigabytes stay a few bytes."""
    assert await fetched(replying(b"12345", headers="content-encoding: gzip\r\n")) == b"12345"
    async with server(replying(b"12345")) as (url, asked):
        await download(Fetch(url=url, bytes=5, sha256="0" * 64))
    assert b"accept-encoding: identity" in asked[0].lower()


async def test_nobody_at_home_is_nothing() -> None:
    async with server(replying(b"")) as (url, _):
        pass
    assert await download(Fetch(url=url, bytes=5, sha256="0" * 64)) is None


async def test_who_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError(request)

    monkeypatch.setattr(fetching, "LIMIT_S", 0.05)
    monkeypatch.setattr(fetching, "_client", lambda: httpx.AsyncClient(transport=httpx.MockTransport(never)))
    assert await download(Fetch(url="https://bucket.example/x", bytes=5, sha256="0" * 64)) is None


async def test_an_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert await fetched(replying(b"12345")) == b"12345"


async def test_an_address_that_is_none_is_nothing() -> None:
    assert await download(Fetch(url="https://exa mple\x00/", bytes=5, sha256="0" * 64)) is None


async def test_the_address_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await fetched(replying(b"12345"))
        await fetched(replying(b"12345", status="403 Forbidden"))
    assert "SECRET" not in caplog.text
    assert "403" in caplog.text
