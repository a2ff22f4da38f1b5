"""The short form of G3: every call site fails in every way once, and a sample of pairs in the custody handlers."""

from collections import Counter

import pytest

from tests.proof.faults.coverage import met, wanted
from tests.proof.faults.matrix import Matrix
from tests.proof.faults.permissions import allowed
from tests.proof.faults.scenarios import GROUPS

SHARE_OF_PAIRS = 0.0001


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    tried = Matrix(share=SHARE_OF_PAIRS)
    for group in GROUPS:
        tried.run(group)
    return tried


def test_scenarios_are_told_apart_by_their_names() -> None:
    times = Counter(scenario.name for group in GROUPS for scenario in group.scenarios)
    assert [name for name, often in times.items() if often > 1] == []


@pytest.mark.parametrize("kind", ["lost", "doubled", "wrong refusal", "endless", "not met"])
def test_whatever_call_fails_nothing_comes_to_something_else(matrix: Matrix, kind: str) -> None:
    assert matrix.of(kind) == []


def test_every_call_that_leads_a_handler_to_aws_has_failed(matrix: Matrix) -> None:
    assert sorted(wanted() - met(matrix.met)) == []


def test_the_source_has_every_call_of_aws_that_was_met(matrix: Matrix) -> None:
    assert sorted(edge for edge in met(matrix.met) - wanted() if edge[1] == "aws") == []


def test_each_function_may_do_what_it_does(matrix: Matrix) -> None:
    """The stub asks nobody for permission; AWS does, and refuses what a role forgot."""
    assert len({function for function, _ in matrix.needed}) > 10
    assert sorted(need for need in matrix.needed if not allowed(*need)) == []


def test_every_way_to_fail_was_taken(matrix: Matrix) -> None:
    assert min(matrix.faults.values()) > 10
    assert len(matrix.faults) == 11
    assert matrix.pairs
