"""`toolcrib sweep --dry-run`: what it shows is what a sweep does, and nothing is written."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from infra.cli import rehearsing
from infra.cli.rehearsing import rehearse
from infra.cli.verbs import sweep
from tests.support.outcomes import lend, stage
from tests.support.workplace import FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import World
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace

HOUR = timedelta(hours=1)
LADDER = (
    Step(offset=timedelta(), to=To.HOLDER, via=Via.EMAIL),
    Step(offset=HOUR, to=To.SUPERVISOR, via=Via.EMAIL),
)


def late(here: World) -> None:
    """Somebody has a drill that was due two hours ago; holder and supervisor are to be told."""
    rules(replace(FALLBACK, ladder=LADDER))
    here.site_has(supervisors=("p-9",))
    here.meet(person(9, email="omar@acme.example"))
    lend(here)
    here.later(hours=10)


def shown(here: World) -> list[Notice]:
    return rehearse(ORG, here.now, lambda _: None)[1]


def waiting(here: World) -> set[tuple[str, str, str]]:
    found = (notice for notice in here.notices() if notice.state in UNDELIVERED and notice.digest is None)
    return {(notice.id, notice.recipient, notice.step) for notice in found}


def test_nothing_is_written(here: World) -> None:
    late(here)
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    done, notices = rehearse(ORG, here.now, lambda _: None)
    assert here.dynamo.snapshot() == before
    assert done["loan_reminded"] == 1
    assert {notice.recipient for notice in notices} == {"p-1", "p-9"}


def test_what_it_shows_is_what_a_sweep_does_afterwards(here: World) -> None:
    late(here)
    told = {(notice.id, notice.recipient, notice.step) for notice in shown(here)}
    here.sweep()
    assert told == waiting(here)


def test_several_for_one_person_are_shown_as_the_one_message_they_are(here: World) -> None:
    late(here)
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    here.meet(person(2), OTHER_TOKEN)
    here.later(hours=-10)
    answer = other.tap(OTHER_TOKEN)
    other.saw(answer.grant, "closed", door=answer.door, tags=[])
    other.send()
    here.later(hours=10, minutes=1)
    told = shown(here)
    (digest,) = (notice for notice in told if notice.parts)
    assert (digest.recipient, len(digest.parts)) == ("p-9", 2)
    here.sweep()
    assert {notice.id for notice in told} == {each for each, _, _ in waiting(here)}


def test_how_far_it_is_is_told(here: World) -> None:
    late(here)
    seen: list[int] = []
    rehearse(ORG, here.now, seen.append)
    assert seen == [1]


def test_afterwards_writes_are_writes_again(here: World) -> None:
    """Once a rehearsal is over the same connection writes again."""
    late(here)
    shown(here)
    here.sweep()
    assert len(here.notices()) == 2


def test_a_grant_without_a_report_stays_as_it_is(here: World) -> None:
    hq = stage(here)
    hq.tap(TOKEN)
    here.later(minutes=11)
    before = here.grant()
    done, _ = rehearse(ORG, here.now, lambda _: None)
    assert (done["grant_unresolved"], here.grant()) == (1, before)


def test_the_command_names_who_what_how_and_when(
    here: World, toolcrib: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    late(here)

    class Of:
        org = ORG

        @staticmethod
        def outputs(_: str) -> dict[str, str]:
            return {"StateTable": "state", "LedgerTable": "ledger", "AnchorBucket": "anchors"}

    monkeypatch.setattr(sweep, "deployment", lambda _: Of())
    monkeypatch.setattr(sweep, "bind", lambda *_, **__: None)
    monkeypatch.setattr(sweep, "QUIETLY", {})
    result = toolcrib("sweep", "--at", here.now.isoformat(), "--dry-run")
    assert result.exit_code == 0, result.output
    assert re.search(r"PT1H of \S+ to supervisor p-9 by email", result.output)
    assert re.search(r"PT0S of \S+ to holder p-1 by email", result.output)
    assert "this would be done: 1 × loan reminded" in result.output
    assert "Nothing was written." in result.output


def test_on_aws_only_a_rehearsal_is_run_from_here(toolcrib: Callable[..., Any]) -> None:
    result = toolcrib("sweep", "--at", "2026-11-21T18:00:00Z", "--stack", "toolcrib-acme")
    assert result.exit_code != 0


def test_every_write_there_is_is_left_out() -> None:
    assert {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"} == rehearsing.WRITES
