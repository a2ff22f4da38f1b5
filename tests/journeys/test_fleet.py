"""A board enrols itself with a key it makes, lends, renews its certificate and lends on (docs/fleet.md)."""

import asyncio
import json
import shutil
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from tenacity import stop_after_delay

from edge.config import BadgeKey, BankConfig, Evidence, Mode
from edge.enrolment import provisioning
from edge.enrolment.claim import Claim, NotEnrolled, enrol_by_claim
from edge.enrolment.identity import Identity, read
from edge.enrolment.renewal import Renewal
from edge.link import Link
from edge.services import Services
from edge.updates import jobs
from edge.updates.slots import Slots
from infra.cli import releases
from tests.edge.board import LockBoardSteel, settled
from tests.edge.drivers.wires import plugged
from tests.edge.network import until
from tests.edge.updates.over_the_air import Publisher, Systemd, begun, installed
from tests.edge.updates.wheels import release
from tests.journeys.asking import eventually, toolcrib
from tests.journeys.corner import Corner
from tests.support.player import Player
from tests.support.wire import Certificate, RefusedError, wire

pytestmark = pytest.mark.journey

IN_2048 = datetime(2048, 1, 1, tzinfo=UTC)
UPDATED_WITHIN_S = 180  # a virtual environment is made meanwhile
a_while = eventually.copy(stop=stop_after_delay(UPDATED_WITHIN_S))


class Nobody:
    """A listener that only notes that the bank is connected."""

    def __init__(self) -> None:
        self.up = asyncio.Event()

    def connected(self) -> None:
        self.up.set()

    def disconnected(self) -> None:
        """It comes back by itself."""

    def received(self, kind: str, payload: bytes) -> None:
        """Nothing is asked here."""


def claimed(corner: Corner, bank: str) -> Claim:
    """Say that a bank awaits a board; return the file that is put on it."""
    given = corner.web.post(f"/banks/{bank}/enrolment/claims", {"valid_for": "PT1H"})
    return msgspec.convert(given, Claim)


def planned(corner: Corner, bank: str) -> None:
    cabinet = {"id": bank, "site": corner.site, "evidence": "tags", "mode": "express", "doors": 4}
    corner.web.post("/banks", cabinet)


def enrolled(claim: Claim, root: Path) -> Identity:
    """Run the board until it is the bank: a cold function may take longer than IoT Core waits for it."""

    def attempt() -> Identity | None:
        with suppress(NotEnrolled):
            return asyncio.run(enrol_by_claim(claim, root))
        return None

    found: Identity = eventually(attempt)
    return found


def played(corner: Corner, who: Identity) -> Player:
    """Connect as the bank that the board is now."""
    entry = {
        "thing": who.keys.thing,
        "cert": str(who.cert),
        "key": str(who.key),
        "command_key": who.keys.command_key,
        "kid": who.keys.kid,
        "evidence": "tags",
        "mode": "express",
    }
    bank = who.keys.thing.partition(":")[2]
    player = Player({**corner.stack, "banks": {bank: entry}}, bank)
    corner.players.append(player)
    return player


def shown(who: Identity, place: Path) -> Certificate:
    """Keep what a board shows now, whatever becomes of its folder."""
    place.mkdir()
    return Certificate(cert=Path(shutil.copy(who.cert, place)), key=Path(shutil.copy(who.key, place)))


def id_of(certificate: Certificate) -> str:
    return x509.load_pem_x509_certificate(certificate.cert.read_bytes()).fingerprint(SHA256()).hex()


def configured(who: Identity, root: Path) -> BankConfig:
    """Return the settings of the bank that the board is."""
    keys = who.keys
    org, _, bank = keys.thing.partition(":")
    return BankConfig(
        org=org,
        bank=bank,
        host=keys.mqtt.host,
        port=keys.mqtt.port,
        ca=who.ca,
        cert=who.cert,
        key=who.key,
        command_keys={keys.kid: bytes.fromhex(keys.command_key)},
        badge_keys=(BadgeKey(version=keys.badge_key.version, key=bytes.fromhex(keys.badge_key.hex)),),
        doors=4,
        evidence=Evidence.TAGS,
        mode=Mode.EXPRESS,
        journal=root / "journal.db",
    )


async def renewed(who: Identity, root: Path, template: str) -> bool:
    """Run the bank's connection, and what looks after its certificate, until that is renewed."""
    config = configured(who, root)
    ready = asyncio.Event()
    services = Services(provisioning.topics(template), ready=ready.set)
    link = Link(config, aside=services)
    services.speak_through(link.publish_aside)
    nobody = Nobody()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run(nobody))
        await ready.wait()
        renewal = Renewal(root, template, services.ask, now=lambda: IN_2048, idle=lambda: True)
        nobody.up.clear()
        done = await renewal.look()
        await nobody.up.wait()
        running.cancel()
    return done


def test_a_board_enrols_itself_lends_renews_its_certificate_and_lends_on(corner: Corner, tmp_path: Path) -> None:
    name, root = f"f-{corner.site}", tmp_path / "identity"
    planned(corner, name)
    ada, bea = corner.person("ada"), corner.person("bea")
    claim = claimed(corner, name)

    who = enrolled(claim, root)
    assert stat.S_IMODE(who.key.stat().st_mode) == 0o600
    assert corner.web.get(f"/banks/{name}")["state"] == "active"
    bank = played(corner, who)
    laptop, _ = corner.thing("laptop", bank, door=1), corner.thing("laptop", bank, door=2)
    taking = bank.opens(ada.token)
    bank.closes(taking)
    assert corner.asset(laptop)["custodian"]["id"] == ada.id or taking["door"] == 2
    bank.close()

    with pytest.raises(NotEnrolled, match="AccessDenied"):
        asyncio.run(enrol_by_claim(claim, tmp_path / "thief"))

    before = shown(who, tmp_path / "before")
    assert asyncio.run(renewed(who, root, claim.template))
    after = shown(read(root), tmp_path / "after")
    assert id_of(before) != id_of(after)
    assert before.key.read_bytes() != after.key.read_bytes()
    iot, thing = corner.aws("iot"), who.keys.thing
    (left,) = eventually(lambda: _only_one(iot.list_thing_principals(thingName=thing)["principals"]))
    assert left.endswith(id_of(after))
    with pytest.raises(RefusedError), wire(corner.stack, thing, before):
        pass
    again = played(corner, read(root))
    assert again.opens(bea.token)["door"] != taking["door"]


def test_what_a_claim_may_do_is_to_ask_to_become_a_bank(corner: Corner, tmp_path: Path) -> None:
    name = f"g-{corner.site}"
    planned(corner, name)
    claim = claimed(corner, name)
    mine = Certificate(cert=tmp_path / "claim.crt", key=tmp_path / "claim.key")
    mine.cert.write_text(claim.claim.certificate)
    mine.key.write_text(claim.claim.private_key)
    for topic in (f"toolcrib/v1/{claim.thing}/up/tap", f"$aws/things/{claim.thing}/jobs/$next/get"):
        with wire(corner.stack, f"_claim:{claim.org}:1", mine) as board, pytest.raises(RefusedError):
            board.publish(topic)
    for topic_filter in (f"toolcrib/v1/{claim.thing}/down/#", "#", f"$aws/things/{claim.thing}/jobs/#"):
        with wire(corner.stack, f"_claim:{claim.org}:1", mine) as board, pytest.raises(RefusedError):
            board.subscribe(topic_filter)
    with wire(corner.stack, f"_claim:{claim.org}:1", mine) as board:
        for topic_filter in provisioning.topics(claim.template):
            board.subscribe(topic_filter)

    corner.web.delete(f"/banks/{name}/enrolment/claims")
    with pytest.raises(NotEnrolled):
        asyncio.run(enrol_by_claim(claim, tmp_path / "late"))
    assert corner.web.get(f"/banks/{name}")["state"] == "planned"


async def worked_on(who: Identity) -> str:
    """Connect as the bank, take the next job and say that it went well; return what it asks for."""
    thing, ready = who.keys.thing, asyncio.Event()
    services = Services(jobs.topics(thing), ready=ready.set)
    link = Link(configured(who, who.cert.parent), aside=services)
    services.speak_through(link.publish_aside)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run(Nobody()))
        await ready.wait()
        mine = jobs.Jobs(thing, services.ask)
        job = await mine.next()
        assert job is not None
        assert job.order is not None
        await mine.tell(job.job_id, jobs.Status.IN_PROGRESS, version="1.1")
        await mine.tell(job.job_id, jobs.Status.SUCCEEDED, version="1.1")
        assert await mine.next() is None
        await mine.tell(job.job_id, jobs.Status.FAILED, why="it is over, and nobody minds")
        running.cancel()
    return job.order.manifest


def test_a_release_that_is_sent_arrives_at_its_bank_and_what_became_of_it_is_seen(
    corner: Corner, tmp_path: Path
) -> None:
    name = f"h-{corner.site}"
    planned(corner, name)
    who = enrolled(claimed(corner, name), tmp_path / "identity")
    iot, key = corner.aws("iot"), tmp_path / "publisher.pem"
    releases.new_key(key)
    signed = releases.signed(b"bundle", key, version="1.1", least="0.0", forced=False)
    arn = iot.describe_thing(thingName=who.keys.thing)["thingArn"]
    job = f"j-{corner.site}"
    iot.create_job(**releases.job(job, [arn], manifest=signed, url="https://x", version="1.1", a_minute=10))
    assert asyncio.run(worked_on(who)) == signed
    (told,) = iot.list_job_executions_for_job(jobId=job)["executionSummaries"]
    assert told["jobExecutionSummary"]["status"] == "SUCCEEDED"


def test_an_admin_updates_a_bank_by_the_command_and_sees_why_another_release_was_refused(
    corner: Corner, tmp_path: Path
) -> None:
    name = f"u-{corner.site}"
    cabinet = {"id": name, "site": corner.site, "evidence": "door_only", "mode": "express", "doors": 2}
    corner.web.post("/banks", cabinet)
    who = enrolled(claimed(corner, name), tmp_path / "identity")
    slots = Slots(tmp_path / "opt")
    slots.root.mkdir()
    installed(slots, tmp_path / "files", release(tmp_path / "1.0", "1.0"))

    def sent(publisher: Publisher, version: str) -> tuple[str, str]:
        """Send a release; return the job's name, and what the command shows of it once it ended."""
        order = json.loads(publisher.releases(version)["document"])
        manifest, job = tmp_path / f"{version}.jws", f"u-{corner.site}-{version.replace('.', '-')}"
        manifest.write_text(order["manifest"])
        words = ("--manifest", str(manifest), "--url", order["url"], "--name", job, "--a-minute", "10")
        toolcrib(corner.home, "update", "send", name, *words)
        shown: str = a_while(lambda: _ended(toolcrib(corner.home, "update", "show", job)))
        return job, shown

    async def story(publisher: Publisher) -> None:
        steel = LockBoardSteel()
        updates = f'[updates]\nroot = "{slots.root}"\nkeys = ["{publisher.public}"]'
        async with plugged(tmp_path, steel.answer) as wire:
            settings = settled(tmp_path, configured(who, tmp_path), wire.port, updates=updates)
            async with begun(Systemd(tmp_path, settings, slots.root)):
                _, shown = await asyncio.to_thread(sent, publisher, "1.1")
                assert ("SUCCEEDED" in shown, slots.current) == (True, "b")
                _, shown = await asyncio.to_thread(sent, thief, "1.2")
                assert ("REJECTED" in shown, slots.current) == (True, "b")
                job = f"u-{corner.site}-1-2"
                asked = {"jobId": job, "thingName": who.keys.thing}
                said = corner.aws("iot").describe_job_execution(**asked)["execution"]["statusDetails"]["detailsMap"]
                assert "not signed" in said["why"]
                body = {"reason": "the lock after the update"}
                await asyncio.to_thread(corner.web.post, f"/banks/{name}/doors/1/open", body, status=202)
                await until(lambda: steel.pulses == [1])

    for each in ("ours", "theirs"):
        (tmp_path / each).mkdir()
    with Publisher(tmp_path / "ours") as publisher, Publisher(tmp_path / "theirs") as thief:
        for shelf in (publisher, thief):
            shelf.opened.set()
        asyncio.run(story(publisher))


def _ended(shown: str) -> str | None:
    return shown if any(state in shown for state in ("SUCCEEDED", "FAILED", "REJECTED")) else None


def _only_one(found: list[Any]) -> list[Any] | None:
    return found if len(found) == 1 else None
