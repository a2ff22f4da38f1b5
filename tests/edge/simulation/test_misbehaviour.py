import json

import pytest

from edge.link import Link
from edge.simulation import misbehaviour as misbehaviour_module
from edge.simulation.misbehaviour import Misbehaviour, Mischief, MischievousLink
from tests.edge.network import Network

REPORT, TAP = json.dumps({"id": "U", "seq": 1}).encode(), json.dumps({"id": "V"}).encode()


@pytest.mark.parametrize(
    ("misbehave", "published"),
    [
        (None, [REPORT, REPORT, TAP]),
        (Misbehaviour.DUPLICATE_REPORTS, [REPORT, REPORT, REPORT, REPORT, TAP]),
        (Misbehaviour.LOST_REPORTS, [REPORT, TAP]),
        (Misbehaviour.DELAYED_REPORTS, [REPORT, REPORT, TAP]),
        (Misbehaviour.JAM, [REPORT, REPORT, TAP]),
    ],
)
async def test_a_network_misbehaves_with_reports_and_never_with_conversation(
    network: Network, monkeypatch: pytest.MonkeyPatch, misbehave: Misbehaviour | None, published: list[bytes]
) -> None:
    sent: list[bytes] = []

    async def keep(_: Link, __: str, payload: bytes) -> None:
        sent.append(payload)

    monkeypatch.setattr(Link, "publish", keep)
    monkeypatch.setattr(misbehaviour_module, "DELAY_S", 0.01)
    mischief = Mischief()
    link = MischievousLink(network.config(), mischief)
    with mischief.during(misbehave):
        for kind, payload in (("door", REPORT), ("door", REPORT), ("tap", TAP)):
            await link.publish(kind, payload)
    assert sent == published
