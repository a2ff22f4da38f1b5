"""A build server leaves no test out, and a developer may."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ONE_LEFT_OUT = """
    import pytest

    def test_that_runs(): pass

    @pytest.mark.skip(reason="somebody was in a hurry")
    def test_that_does_not(): pass
"""


@pytest.mark.parametrize(("ci", "code"), [("true", pytest.ExitCode.TESTS_FAILED), ("", pytest.ExitCode.OK)])
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_test_left_out_fails_the_build_server_only(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    ci: str,
    code: pytest.ExitCode,
    workers: tuple[str, ...],
) -> None:
    pytester.makeconftest(Path(request.config.rootpath, "tests/conftest.py").read_text())
    pytester.makepyfile(ONE_LEFT_OUT)
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, request.config.getini("pythonpath"))))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    assert pytester.runpytest_subprocess("-W", "ignore", *workers).ret == code
