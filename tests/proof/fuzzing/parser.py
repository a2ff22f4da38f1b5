"""What reads what others wrote, as something that bytes can be fed to."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

Feed = Callable[[bytes], object]


@dataclass(frozen=True, kw_only=True)
class Parser:
    """`opened` is a context that yields what takes the bytes; it may raise `refusals` and nothing else.

    `seeds` are inputs that it understands, to begin from.
    """

    name: str
    opened: Callable[[], AbstractContextManager[Feed]]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]


def pure(feed: Feed) -> Callable[[], AbstractContextManager[Feed]]:
    """Return the context of a parser that needs nothing around it."""

    @contextmanager
    def opened() -> Iterator[Feed]:
        yield feed

    return opened


def understood(parser: Parser, feed: Feed, data: bytes) -> bool:
    """Whether a parser understood some bytes; raises what it should not have raised."""
    try:
        feed(data)
    except parser.refusals:
        return False
    return True


def text(data: bytes) -> str:
    """Return bytes as text, with half surrogates where they are no UTF-8."""
    return data.decode("utf-8", "surrogateescape")
