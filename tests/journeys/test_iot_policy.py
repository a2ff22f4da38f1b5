"""What a bank may do on the wire is what its policy declares, tried over mutual TLS (safety.md, G7 and threat 4)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.local import ministack, processes
from infra.local.home import Home
from tests.edge.network import Authority
from tests.journeys.conftest import Issue
from tests.support.wire import Certificate, RefusedError, Wire, wire

pytestmark = pytest.mark.journey

ME, NEIGHBOUR, FOREIGNER = "acme:policy-01", "acme:policy-02", "other:policy-01"


@pytest.fixture(scope="module")
def mine(issue: Issue) -> Certificate:
    return issue(ME)


@pytest.fixture(scope="module")
def neighbours(issue: Issue) -> Certificate:
    return issue(NEIGHBOUR)


@pytest.fixture(scope="module")
def cloud(stack: dict[str, Any], everything: Certificate) -> Iterator[Wire]:
    """Somebody who may do and hear everything."""
    with wire(stack, "the-cloud", everything) as line:
        line.subscribe("#")
        yield line


@pytest.mark.parametrize("level", ["probe", "door/3", "a/b/c"])
def test_a_bank_speaks_on_its_own_uploads(stack: dict[str, Any], mine: Certificate, cloud: Wire, level: str) -> None:
    with wire(stack, ME, mine) as bank:
        bank.publish(f"toolcrib/v1/{ME}/up/{level}", level.encode())
    assert cloud.next() == (f"toolcrib/v1/{ME}/up/{level}", level.encode())


@pytest.mark.parametrize(
    "topic",
    [
        f"toolcrib/v1/{ME}/down/open",
        f"toolcrib/v1/{ME}/down/ack",
        f"toolcrib/v1/{ME}/up",
        f"toolcrib/v1/{ME}",
        f"toolcrib/v1/{ME}x/up/tap",
        f"toolcrib/v1/{NEIGHBOUR}/up/tap",
        f"toolcrib/v1/{NEIGHBOUR}/up/door",
        f"toolcrib/v1/{NEIGHBOUR}/down/open",
        f"toolcrib/v1/{FOREIGNER}/up/tap",
        f"toolcrib/v1/{FOREIGNER}/down/open",
        f"toolcrib/v2/{ME}/up/tap",
        f"{ME}/up/tap",
        "toolcrib/v1//up/tap",
        f"$aws/things/{ME}/shadow/update",
        f"$aws/things/{NEIGHBOUR}/jobs/$next/get",
        f"$aws/things/{NEIGHBOUR}/jobs/j-1/update",
        "$aws/certificates/create/json",
        "$aws/provisioning-templates/other-bank/provision/json",
        "$aws/rules/toolcrib_acme_devices/up/tap",
        "anything",
    ],
)
def test_a_bank_speaks_nowhere_else(stack: dict[str, Any], mine: Certificate, cloud: Wire, topic: str) -> None:
    with wire(stack, ME, mine) as bank, pytest.raises(RefusedError):
        bank.publish(topic)
    with wire(stack, ME, mine) as bank:
        bank.publish(f"toolcrib/v1/{ME}/up/marker", topic.encode())
    assert cloud.next() == (f"toolcrib/v1/{ME}/up/marker", topic.encode()), "nobody heard what was refused"


def test_a_bank_leaves_nothing_behind_for_later_listeners(
    stack: dict[str, Any], mine: Certificate, cloud: Wire
) -> None:
    with wire(stack, ME, mine) as bank, pytest.raises(RefusedError):
        bank.publish(f"toolcrib/v1/{ME}/up/probe", b"kept", retain=True)
    with wire(stack, ME, mine) as bank:
        bank.publish(f"toolcrib/v1/{ME}/up/probe", b"passing")
    assert cloud.next() == (f"toolcrib/v1/{ME}/up/probe", b"passing")


@pytest.mark.parametrize("topic", [f"toolcrib/v1/{NEIGHBOUR}/up/probe", f"toolcrib/v1/{ME}/down/open"])
def test_a_bank_leaves_no_last_words_elsewhere(stack: dict[str, Any], mine: Certificate, topic: str) -> None:
    with pytest.raises(RefusedError), wire(stack, ME, mine, will=topic):
        pass


@pytest.mark.parametrize("topic_filter", [f"toolcrib/v1/{ME}/down/{rest}" for rest in ("open", "ack", "+", "#")])
def test_a_bank_hears_what_is_said_to_it(
    stack: dict[str, Any], mine: Certificate, cloud: Wire, topic_filter: str
) -> None:
    said = f"toolcrib/v1/{ME}/down/{'ack' if topic_filter.endswith('ack') else 'open'}"
    with wire(stack, ME, mine) as bank:
        bank.subscribe(topic_filter)
        cloud.publish(said, topic_filter.encode())
        assert bank.next() == (said, topic_filter.encode())
    assert cloud.next() == (said, topic_filter.encode())


@pytest.mark.parametrize(
    "topic_filter",
    [
        "#",
        "+/#",
        "toolcrib/#",
        "toolcrib/v1/+/down/open",
        "toolcrib/v1/+/down/#",
        f"toolcrib/v1/{ME}/#",
        f"toolcrib/v1/{ME}/+/open",
        f"toolcrib/v1/{ME}/up/#",
        f"toolcrib/v1/{NEIGHBOUR}/down/#",
        f"toolcrib/v1/{NEIGHBOUR}/down/open",
        f"toolcrib/v1/{NEIGHBOUR}/up/tap",
        f"toolcrib/v1/{FOREIGNER}/down/#",
        f"$share/thieves/toolcrib/v1/{NEIGHBOUR}/down/open",
        f"$aws/things/{ME}/shadow/#",
        f"$aws/things/{NEIGHBOUR}/jobs/#",
        f"$aws/things/{NEIGHBOUR}/jobs/notify-next",
        "$aws/things/+/jobs/notify-next",
        "$aws/provisioning-templates/other-bank/provision/json/accepted",
        "$aws/events/#",
    ],
)
def test_a_bank_hears_nothing_else(stack: dict[str, Any], mine: Certificate, topic_filter: str) -> None:
    with wire(stack, ME, mine) as bank, pytest.raises(RefusedError):
        bank.subscribe(topic_filter)


PROVISIONING = ("$aws/certificates/create-from-csr/json", "$aws/provisioning-templates/acme-bank/provision/json")


@pytest.mark.parametrize(
    "topic", [*PROVISIONING, f"$aws/things/{ME}/jobs/$next/get", f"$aws/things/{ME}/jobs/j/update"]
)
def test_a_bank_asks_for_its_next_certificate_and_for_its_own_jobs(
    stack: dict[str, Any], mine: Certificate, topic: str
) -> None:
    with wire(stack, ME, mine) as bank:
        bank.subscribe(f"{topic}/accepted")
        bank.publish(topic, b"{}")


CLAIM = "_claim:acme:board-1"


@pytest.fixture(scope="module")
def claim(issue: Issue) -> Certificate:
    """A factory's claim certificate, which hangs on no thing that is anybody's."""
    return issue("a-factory", policy="toolcrib-acme-claim")


def test_a_claim_certificate_asks_to_enrol(stack: dict[str, Any], claim: Certificate) -> None:
    with wire(stack, CLAIM, claim) as board:
        for topic in PROVISIONING:
            board.subscribe(f"{topic}/accepted")
            board.publish(topic, b"{}")


@pytest.mark.parametrize(
    "topic",
    [
        f"toolcrib/v1/{ME}/up/tap",
        f"toolcrib/v1/{ME}/down/open",
        f"toolcrib/v1/{CLAIM}/up/tap",
        "$aws/certificates/create/json",
        "$aws/provisioning-templates/other-bank/provision/json",
        f"$aws/things/{ME}/jobs/$next/get",
        "anything",
    ],
)
def test_a_claim_certificate_does_nothing_else(stack: dict[str, Any], claim: Certificate, topic: str) -> None:
    with wire(stack, CLAIM, claim) as board, pytest.raises(RefusedError):
        board.publish(topic)
    with wire(stack, CLAIM, claim) as board, pytest.raises(RefusedError):
        board.subscribe(topic)


@pytest.mark.parametrize("client_id", [ME, "_claim:other:1", "_claim", "acme:_claim", "a-factory", "anything"])
def test_a_claim_certificate_takes_nobodys_place(stack: dict[str, Any], claim: Certificate, client_id: str) -> None:
    with pytest.raises(RefusedError), wire(stack, client_id, claim):
        pass


@pytest.mark.parametrize("client_id", [NEIGHBOUR, FOREIGNER, f"{ME}x", ME.upper(), "acme:", "anything"])
def test_a_bank_connects_as_nobody_else(stack: dict[str, Any], mine: Certificate, client_id: str) -> None:
    with pytest.raises(RefusedError), wire(stack, client_id, mine):
        pass


def test_a_bank_is_known_by_its_own_certificate_only(stack: dict[str, Any], neighbours: Certificate) -> None:
    with pytest.raises(RefusedError), wire(stack, ME, neighbours):
        pass


def test_nobody_connects_without_a_certificate(stack: dict[str, Any]) -> None:
    with pytest.raises(RefusedError), wire(stack, ME, None):
        pass


@pytest.mark.parametrize("why", [{"policy": None}, {"active": False}])
def test_a_certificate_that_was_not_let_in_opens_nothing(stack: dict[str, Any], issue: Issue, why: Any) -> None:
    with pytest.raises(RefusedError), wire(stack, "acme:policy-03", issue("acme:policy-03", **why)):
        pass


def test_the_local_stack_listens_on_loopback_only(stack: dict[str, Any], home: Home) -> None:
    process = processes.find(home, ministack.NAME)
    assert process is not None
    listening = {each.laddr for each in process.net_connections() if each.status == psutil.CONN_LISTEN}
    assert stack["mqtt"]["port"] in {where.port for where in listening}
    assert {where.ip for where in listening} == {"127.0.0.1"}


def test_a_certificate_of_another_authority_opens_nothing(stack: dict[str, Any], tmp_path: Path) -> None:
    cert, key = Authority(tmp_path).issue(ME)
    with pytest.raises(RefusedError), wire(stack, ME, Certificate(cert=cert, key=key)):
        pass
