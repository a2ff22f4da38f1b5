"""A photo of a fault on its way: straight to the storage with what was signed for it, and back by a link."""

import httpx
import pytest

from tests.journeys.corner import Corner
from tests.support.player import PATIENCE_S, Message

pytestmark = pytest.mark.journey

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 100


def send(upload: Message, photo: bytes = JPEG, **changed: str) -> int:
    """Send a photo as a kiosk or a phone would; returns the status."""
    fields = {**upload["fields"], **changed}
    files = {**{name: (None, value) for name, value in fields.items()}, "file": ("photo", photo)}
    return httpx.post(upload["url"], files=files, timeout=PATIENCE_S, trust_env=False).status_code


def test_a_photo_goes_to_the_storage_and_is_seen_by_a_link(corner: Corner) -> None:
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    drill = corner.thing("drill", bank, door=1)
    taking = bank.opens(ada.token)
    report = bank.upload(seq=10_000, severity="minor", asset=drill.id, photo=True, grant=taking["jti"])
    bank.acknowledged("fault", report)
    upload = bank.wait(("notice",), [report["id"]])[1]["upload"]

    assert send(upload) in {200, 201, 204}

    case = corner.case("fault")
    assert (case["person"], case["loan"], case["grant"]) == (ada.id, taking["jti"], taking["jti"])
    (photo,) = corner.web.get(f"/faults/{case['id']}")["photos"]
    seen = httpx.get(photo["url"], timeout=PATIENCE_S, trust_env=False)
    assert (seen.status_code, seen.content, seen.headers["content-type"]) == (200, JPEG, "image/jpeg")
    bare = photo["url"].partition("?")[0]
    assert httpx.get(bare, timeout=PATIENCE_S, trust_env=False).status_code == 403


def test_what_was_not_signed_is_not_let_in(corner: Corner) -> None:
    bank = corner.bank("tags", "express")
    drill = corner.thing("drill", bank, door=1)
    bank.acknowledged("fault", bank.upload(seq=10_000, severity="minor", asset=drill.id))
    fault = corner.case("fault")["id"]
    form = corner.web.post(f"/faults/{fault}/photos", {"content_type": "image/png"})

    refused = {
        "type": send(form, **{"Content-Type": "text/html"}),
        "size": send(form, b"x" * (5 * 1024 * 1024 + 1)),
        "place": send(form, key=form["fields"]["key"].replace(fault, "another")),
        "signature": send(form, **{"x-amz-signature": "0" * 64}),
    }
    assert {name: 400 <= status < 500 for name, status in refused.items()} == dict.fromkeys(refused, True), refused
    assert corner.web.get(f"/faults/{fault}")["photos"] == []
