"""What nobody sends who means well: inputs that parsers are known to stumble over, and good ones with such parts."""

import re
from typing import Final

from hypothesis import strategies as st

DEPTH: Final = 100_000
HUGE: Final = b'"' + b"x" * 10_000_000 + b'"'
VALUE: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null')

VALUES: Final = (
    *(
        b"null",
        b"true",
        b'""',
        b"[]",
        b"{}",
        b"[[]]",
        b"0",
        b"-0",
        b"-1",
        b"1.5",
        b"1e999",
        b"-1e400",
        b"NaN",
        b"Infinity",
    ),
    *(b"9" * 30, b"9" * 5_000, b"0." + b"1" * 5_000, b"1e-9999", b"18446744073709551616", b"-9223372036854775809"),
    *(
        b'"\\ud800"',
        b'"\\udfff\\ud800"',
        b'"\\u0000"',
        b'"\\n"',
        b'"a\\n"',
        b'"#"',
        b'"../.."',
        b'"\xff"',
        b'"\xed\xa0\x80"',
    ),
    *("\u202e".encode(), "\ufb00".encode(), "\u0661".encode(), '"\U0001f511"'.encode(), '"İ"'.encode()),
    *(
        b'"9999-12-31T23:59:59Z"',
        b'"0001-01-01T00:00:00+14:00"',
        b'"P99999999999D"',
        b'"-PT1S"',
        b'"24:00"',
        b'"02:60"',
    ),
    *(
        b'{"id":1,"id":2}',
        b'{"":""}',
        b'{"__class__":"x"}',
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 200 + b"1" + b"}" * 200,
    ),
)
"""To stand in place of a value."""

WHOLE: Final = (
    *(
        b"",
        b" ",
        b"\x00",
        b"\n",
        b"{",
        b"}",
        b"{}{}",
        b'{"a":1,}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"\xc0\xaf",
        b"\x80",
    ),
    *(
        b"[" * DEPTH,
        b"[" * DEPTH + b"]" * DEPTH,
        b'{"a":' * DEPTH,
        b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
        b'"' * DEPTH,
    ),
    *(HUGE, b"9" * 100_000, b"-" * 1_000, b"%" * 1_000, b"=" * 1_000, b"&" * 1_000, b"." * 1_000, b"#" * 1_000),
    *VALUES,
)
"""To stand alone."""


@st.composite
def mangled(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Return a good input with up to three things wrong with it."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        start, end = _part(draw, data)
        data = data[:start] + draw(st.sampled_from(VALUES) | st.binary(max_size=4)) + data[end:]
    return data


def _part(draw: st.DrawFn, data: bytes) -> tuple[int, int]:
    """Choose a value to replace, or a few bytes."""
    values = [found.span() for found in VALUE.finditer(data)]
    if values and draw(st.booleans()):
        return draw(st.sampled_from(values))
    start = draw(st.integers(0, len(data)))
    return start, min(len(data), start + draw(st.integers(0, 4)))
