"""What is altered, and which tests have to notice."""

from dataclasses import dataclass
from typing import Final

DOMAIN = "tests/toolcrib/domain"
VERIFYING = tuple(
    f"test_{about}.py" for about in ("verifying", "verifying_words", "cross_checking", "cross_checking_words")
)
REPORTED = ("reports", "healing", "test_returns_never_refused.py")
AUTHORISING = tuple(
    f"test_authorise{about}.py"
    for about in ("", "_for_others", "_give_back", "_kits", "_meanwhile", "_on_record", "_proofs")
)
RULES = (*(f"test_{about}.py" for about in ("rules", "rules_overridden", "overrides")), "judges")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Files as they lie beside each other in the copied tree, and their tests; `strict` ones may have no survivor."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    strict: bool = False


def _decisions(*names: str, tests: tuple[str, ...], strict: bool = False) -> Target:
    files = tuple(f"src/toolcrib/domain/{name}.py" for name in names)
    return Target(files=files, tests=tuple(f"{DOMAIN}/{test}" for test in tests), strict=strict)


TARGETS: Final[dict[str, Target]] = {
    "keys": Target(files=("src/toolcrib/store/keys.py",), tests=("tests/toolcrib/store/test_keys.py",), strict=True),
    "step": _decisions("states", tests=("test_states.py",), strict=True),
    "authorise": _decisions("authorise", tests=AUTHORISING, strict=True),
    "verify": Target(
        files=("src/edge/commands.py", "src/edge/signatures.py"),
        tests=("tests/edge/test_commands.py", "tests/edge/test_signatures.py"),
        strict=True,
    ),
    "rules": _decisions("rules", "judges/*", tests=RULES),
    "verifying": _decisions("verifying", "cross_checking", tests=VERIFYING),
    "reports": _decisions("reports/*", tests=REPORTED),
}
