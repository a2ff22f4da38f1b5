import asyncio
import ssl
from contextlib import nullcontext
from dataclasses import replace

import aiomqtt
import pytest

from edge import link as link_module
from edge.link import Link, LinkLostError
from tests.edge.network import Authority, Network, stop, until


class Listener:
    def __init__(self) -> None:
        self.events: list[str] = []
        self.messages: list[tuple[str, bytes]] = []

    def connected(self) -> None:
        self.events.append("connected")

    def disconnected(self) -> None:
        self.events.append("disconnected")

    def received(self, kind: str, payload: bytes) -> None:
        self.messages.append((kind, payload))


@pytest.fixture(autouse=True)
def quick_reconnects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "FIRST_RECONNECT_S", 0.01)
    monkeypatch.setattr(link_module, "MAX_RECONNECT_S", 0.2)
    monkeypatch.setattr(link_module, "KEEPALIVE_S", 5)  # this broker may leave a connection open when it stops


async def test_a_bank_hears_its_own_topics_and_no_others(network: Network) -> None:
    first, second = network.config("hq-01"), network.config("hq-02")
    mine, theirs = Listener(), Listener()
    async with network.broker():
        links = [Link(first), Link(second)]
        running = [asyncio.create_task(links[0].run(mine)), asyncio.create_task(links[1].run(theirs))]
        await until(lambda: mine.events and theirs.events)
        async with aiomqtt.Client("127.0.0.1", network.port, tls_context=link_module.tls_context(first)) as cloud:
            await cloud.publish(first.topic("down", "open"), b"x", qos=1)
            await cloud.publish(second.topic("down", "ack"), b"y", qos=1)
            await until(lambda: mine.messages and theirs.messages)
        for task in running:
            await stop(task)
    assert (mine.messages, theirs.messages) == ([("open", b"x")], [("ack", b"y")])


async def test_a_roster_that_was_told_while_a_bank_was_away_is_the_first_thing_it_hears(network: Network) -> None:
    config, listener = network.config(), Listener()
    async with network.broker():
        async with aiomqtt.Client("127.0.0.1", network.port, tls_context=link_module.tls_context(config)) as cloud:
            await cloud.publish(config.topic("down", "roster"), b"x", qos=1, retain=True)
        running = asyncio.create_task(Link(config).run(listener))
        await until(lambda: listener.messages)
        await stop(running)
    assert listener.messages == [("roster", b"x")]


@pytest.mark.parametrize("steady_s", [0, 10], ids=["after it stood", "at once"])
async def test_a_lost_connection_is_told_and_made_again(
    network: Network, monkeypatch: pytest.MonkeyPatch, steady_s: int
) -> None:
    monkeypatch.setattr(link_module, "STEADY_S", steady_s)
    listener = Listener()
    link = Link(network.config())
    running = asyncio.create_task(link.run(listener))
    for _ in range(2):
        async with network.broker():
            await until(lambda: listener.events[-1:] == ["connected"])
            await link.publish("tap", b"{}")
        await until(lambda: listener.events[-1] == "disconnected")
        with pytest.raises(LinkLostError):
            await link.publish("tap", b"{}")
    await stop(running)
    # a broker that is going may let a bank in once more before it is gone
    assert len(listener.events) >= 4
    assert listener.events == ["connected", "disconnected"] * (len(listener.events) // 2)


async def test_a_bank_of_another_authority_is_not_let_in(
    network: Network, tmp_path_factory: pytest.TempPathFactory
) -> None:
    listener = Listener()
    stranger = Network(Authority(tmp_path_factory.mktemp("stranger")), network.port).config()
    async with network.broker():
        running = asyncio.create_task(Link(replace(stranger, ca=network.config().ca)).run(listener))
        await asyncio.sleep(0.5)
        await stop(running)
    assert listener.events == []


async def test_a_broker_of_another_authority_is_not_trusted(
    network: Network, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = Network(Authority(tmp_path_factory.mktemp("stranger")), network.port)
    async with stranger.broker():
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", network.port, ssl=link_module.tls_context(network.config()))


@pytest.mark.parametrize(
    ("error", "certain"), [(aiomqtt.MqttCodeError(4, "no connection"), True), (aiomqtt.MqttError("timed out"), False)]
)
async def test_only_what_was_certainly_not_sent_is_called_lost(
    network: Network, monkeypatch: pytest.MonkeyPatch, error: aiomqtt.MqttError, certain: bool
) -> None:
    async def unconfirmed(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(aiomqtt.Client, "publish", unconfirmed)
    listener, link = Listener(), Link(network.config())
    async with network.broker():
        running = asyncio.create_task(link.run(listener))
        await until(lambda: listener.events)
        with pytest.raises(LinkLostError) if certain else nullcontext():
            await link.publish("tap", b"{}")
        await stop(running)


def test_the_brokers_name_is_checked(network: Network) -> None:
    context = link_module.tls_context(network.config())
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_missing_certificate_fails_at_once_and_loudly(network: Network) -> None:
    with pytest.raises(FileNotFoundError):
        Link(replace(network.config(), cert=network.authority.folder / "nowhere.crt"))


async def test_a_refused_subscription_says_what_to_do(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object, **__: object) -> tuple[int, ...]:
        return (0x80,)

    monkeypatch.setattr(aiomqtt.Client, "subscribe", refused)
    async with network.broker():
        with pytest.raises(LinkLostError, match="attach the banks' policy"):
            await Link(network.config())._session(Listener())


async def test_a_link_that_is_told_to_stop_while_it_says_goodbye_stops(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener()
    async with network.broker():
        running = asyncio.create_task(Link(network.config()).run(listener))
        await until(lambda: listener.events)
        leave = aiomqtt.Client.__aexit__

        async def leaves_and_times_out(client: aiomqtt.Client, *error: object) -> None:
            await leave(client, *error)  # type: ignore[arg-type]
            raise aiomqtt.MqttError("Operation timed out")

        monkeypatch.setattr(aiomqtt.Client, "__aexit__", leaves_and_times_out)
        running.cancel()
        await asyncio.wait([running], timeout=30)
    assert running.cancelled()
