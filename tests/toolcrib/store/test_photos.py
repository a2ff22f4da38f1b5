"""The forms with which photos are sent: what the signed policy lets through, and for how long."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.support.workplace import NOW, ORG
from tests.support.world import World
from toolcrib.store.photos import MAX_BYTES, TYPES, list_photos, upload_form


def policy(fields: Any) -> Any:
    return json.loads(base64.b64decode(fields["policy"]))


@pytest.mark.parametrize(("content_type", "ending"), TYPES.items())
def test_one_place_one_kind_and_five_megabytes_for_five_minutes(here: World, content_type: str, ending: str) -> None:
    with time_machine.travel(NOW, tick=False):
        form = upload_form(ORG, "f-1", "p-1", content_type)
    signed = policy(form.fields)
    assert datetime.fromisoformat(signed["expiration"]) == NOW + timedelta(minutes=5)
    conditions = signed["conditions"]
    assert {"key": f"acme/f-1/p-1.{ending}"} in conditions
    assert {"bucket": "photos"} in conditions
    assert {"Content-Type": content_type} in conditions
    assert ["content-length-range", 1, MAX_BYTES] in conditions
    assert not [each for each in conditions if isinstance(each, list) and each[0] == "starts-with"]
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert (form.fields["key"], form.fields["Content-Type"]) == (f"acme/f-1/p-1.{ending}", content_type)


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "image/gif", ""])
def test_no_other_kind_is_signed(here: World, content_type: str) -> None:
    with pytest.raises(KeyError):
        upload_form(ORG, "f-1", "p-1", content_type)


def test_photos_of_a_fault_are_listed_with_links_for_a_minute_and_nobody_elses(here: World) -> None:
    here.photos |= {"acme/f-1/a.jpg": 10, "acme/f-1/b.png": 20, "acme/f-10/c.jpg": 30, "other/f-1/d.jpg": 40}
    found = list_photos(ORG, "f-1")
    assert [(each.id, each.content_type, each.bytes) for each in found] == [
        ("a", "image/jpeg", 10),
        ("b", "image/png", 20),
    ]
    for each in found:
        assert "X-Amz-Expires=60" in each.url
        assert "X-Amz-Signature=" in each.url
        assert "response-content-type=image" in each.url
