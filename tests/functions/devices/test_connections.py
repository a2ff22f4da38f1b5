"""IoT Core tells of connections: whoever has no certificate of ours is nobody."""

from typing import Any

import pytest

from toolcrib.wire.presence import Connected, connected


def test_a_bank_that_came_in_is_known_by_its_certificate() -> None:
    assert connected({"thing": "acme:hq-01", "certificate": "a" * 64, "more": 1}) == Connected(
        thing="acme:hq-01", certificate="a" * 64
    )


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"thing": "console"},
        {"thing": "console", "certificate": "123456789012"},
        {"thing": "console", "certificate": "AIDAEXAMPLE:me"},
        {"thing": "x" * 129, "certificate": "a" * 64},
        {"thing": None, "certificate": "a" * 64},
        {"thing": "acme:hq-01", "certificate": "A" * 64},
        {"thing": "acme:hq-01", "certificate": "a" * 64 + "\n"},
    ],
)
def test_everybody_else_is_nobody(event: dict[str, Any]) -> None:
    assert connected(event) is None
