"""Sending a photo: only where it is safe, and again when it did not arrive."""

from typing import Any

import httpx
import pytest

from edge.kiosk import photos
from edge.kiosk.photos import Form, posted

PHOTO = b"\xff\xd8\xff picture"


class Store:
    """Answers what the test says, and remembers what came."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.came: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, headers={"location": "https://elsewhere.example/"})


real = httpx.AsyncClient


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Any:
    def plug(store: Store) -> Store:
        monkeypatch.setattr(
            photos.httpx, "AsyncClient", lambda **kept: real(**kept, transport=httpx.MockTransport(store))
        )
        monkeypatch.setattr(photos, "wait_random_exponential", lambda **_: lambda _: 0)
        return store

    return plug


async def test_the_form_goes_out_with_the_file_last(plug: Any) -> None:
    store = plug(Store(204))
    await posted(Form(url="https://photos.example/", fields={"key": "fault/1"}), PHOTO)
    body = store.came[0].content
    assert body.index(b'name="key"') < body.index(b'name="file"')
    assert PHOTO in body


async def test_what_did_not_arrive_is_sent_again_three_times_at_most(plug: Any) -> None:
    plug(Store(httpx.ConnectError("no"), httpx.ReadTimeout("no"), 204))
    await posted(Form(url="https://photos.example/", fields={}), PHOTO)
    store = plug(Store(*(httpx.ConnectError("no") for _ in range(3))))
    with pytest.raises(httpx.ConnectError):
        await posted(Form(url="https://photos.example/", fields={}), PHOTO)
    assert len(store.came) == 3


@pytest.mark.parametrize("status", [302, 403, 500])
async def test_a_refusal_or_a_redirect_is_the_end_of_it(plug: Any, status: int) -> None:
    store = plug(Store(status))
    with pytest.raises(httpx.HTTPStatusError):
        await posted(Form(url="https://photos.example/", fields={}), PHOTO)
    assert len(store.came) == 1


@pytest.mark.parametrize("url", ["http://photos.example/", "file:///etc/passwd", "ftp://x/", "", "//x"])
async def test_a_photo_goes_out_over_https_only(plug: Any, url: str) -> None:
    store = plug(Store(204))
    with pytest.raises(ValueError, match="over HTTPS only"):
        await posted(Form(url=url, fields={}), PHOTO)
    assert store.came == []


async def test_this_machines_own_stack_may_do_without(plug: Any) -> None:
    store = plug(Store(204))
    await posted(Form(url="http://127.0.0.1:4566/photos", fields={}), PHOTO)
    assert len(store.came) == 1
