"""What is wrong with settings: which key, what was found, what to write instead. All of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing to mend. `key` is dotted as in the docs; `instead` is a whole sentence."""

    key: str
    found: str
    instead: str

    def __str__(self) -> str:
        return f"{self.key}: {self.found}. {self.instead}"


class BadSettingsError(ValueError):
    """The settings cannot be used; says everything that has to be mended."""

    def __init__(self, where: str, problems: Iterable[Problem]) -> None:
        self.where, self.problems = where, tuple(problems)
        super().__init__("\n".join([f"{where} cannot be used:", *(f"  {problem}" for problem in self.problems)]))
