"""The command itself: every verb is there, says what it does, and refuses in plain words."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from typer import Context
from typer.main import get_command

from infra.cli.main import VERBS, app
from infra.local.home import Home

NEEDS_A_STACK = [
    ["token"],
    ["tap", "hq-01", "04A2246B1F9080"],
    ["sweep", "--at", "2026-11-21T18:00:00Z"],
    ["watch"],
    ["bank", "list"],
    ["bank", "simulate", "hq-01"],
    ["bank", "revoke", "hq-01"],
    ["bank", "add", "x", "--site", "hq", "--doors", "4", "--evidence", "tags", "--mode", "kiosk"],
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_in_one_sentence_what_it_does(verb: str) -> None:
    group: Any = get_command(app)
    command = group.get_command(Context(group), verb)
    assert command.name == verb
    assert command.help.strip().endswith(".")


def test_a_word_that_is_no_verb_is_refused_by_name(toolcrib: Callable[..., Any]) -> None:
    result = toolcrib("fly")
    assert result.exit_code == 2
    assert "fly" in result.output


@pytest.mark.parametrize("words", NEEDS_A_STACK, ids=" ".join)
def test_without_a_stack_a_verb_says_how_to_start_one(
    words: list[str], toolcrib: Callable[..., Any], folder: Home
) -> None:
    result = toolcrib(*words)
    assert result.exit_code == 1
    assert "Start one: make up" in result.output
    assert "Traceback" not in result.output
    assert not folder.folder.exists()


def test_a_stack_that_was_started_but_does_not_run_is_as_good_as_none(
    toolcrib: Callable[..., Any], folder: Home
) -> None:
    folder.write("stack.json", {"org": "acme"})
    assert "Start one: make up" in toolcrib("token").output


def test_down_without_a_stack_is_no_error(toolcrib: Callable[..., Any], folder: Home) -> None:
    result = toolcrib("down")
    assert (result.exit_code, result.output) == (0, "Nothing was running.\n")


def test_a_token_does_not_wait_for_what_only_a_deployment_needs() -> None:
    code = "import sys, infra.cli.verbs.token; print({'chalice', 'pynamodb', 'uvicorn'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
