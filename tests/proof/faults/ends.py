"""What a story came to, comparable with the same story undisturbed.

Left out is only what tells how often something was tried: versions, hash links, attempts of a notice, kept answers,
what was heard from outside, and how fast anybody was written to. Of rosters counts what the last one says: those that
nobody was told of are forgotten, bodies and all.
Later means up to half an hour here, so instants count by the hour, and so does how far a reminder was moved; ids that
came up in the story, since a person who taps again makes another id, count as one.
"""

import json
import re
from typing import Any

from tests.support.aws.cloud import Cloud

HOW_OFTEN = frozenset(
    {
        "version",
        "wake",
        "hash",
        "prev_hash",
        "head",
        "seqs",
        "attempts",
        "last_error",
        "first_tried_at",
        "wake_at",
        "oldest",
        "stumbles",
        "sha256",
    }
)
ROSTER = "ROSTER#"
KEPT_ANSWERS = frozenset({"ANSWER", "HEARD", "PACE"})
_INSTANT = re.compile(r"(20\d\d-\d\d-\d\d[T ]\d\d):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)?")
_VERSION = re.compile(r"\b20\d{6}T\d{6}\.\d{3}Z-([0-9a-f]{12})\b")
_ROSTER_BODY = re.compile(r"/20\d{6}T\d{6}\.\d{3}Z-[0-9a-f]{12}\.json$")
_MOVED = re.compile(r'(?<="moved": ")PT(\d+)S')
_SECONDS = re.compile(r"\b(1[78]\d{8})(?:\.\d+)?\b")
_CERTIFICATE = re.compile(r"\bcert/[0-9a-f]{64}\b")
_ID = re.compile(r"\b(?:01\d{24}|[a-z2-7]{26})\b")


def plain(text: str, known: str) -> str:
    """Return a text with instants rounded and with `new` for every id that is not in `known`."""
    text = _VERSION.sub(lambda found: f"roster {found[1]}", text)
    rounded = _SECONDS.sub(lambda found: str(int(found[1]) // 3600), _INSTANT.sub(r"\g<1>h", text))
    rounded = _MOVED.sub(lambda found: f"{int(found[1]) // 3600} h", rounded)
    rounded = _CERTIFICATE.sub("cert/new", rounded)
    return _ID.sub(lambda found: found[0] if found[0] in known else "new", rounded)


def end(cloud: Cloud, known: str, ignored: frozenset[str]) -> list[str]:
    """Return every item, certificate and anchor there is, one a line, sorted; without attributes that are `ignored`."""
    rows = [
        f"{table} {pk} {sk} {_text(item, HOW_OFTEN | ignored)}"
        for table, items in cloud.dynamo.snapshot().items()
        for (pk, sk), item in items.items()
        if sk not in KEPT_ANSWERS and not sk.startswith(ROSTER)
    ]
    rows += [f"certificate {value}" for value in cloud.things.certificates.values() if value[2]]
    objects = cloud.bucket.objects.items()
    rows += [f"anchor {key} {value.decode()}" for key, value in objects if not _ROSTER_BODY.search(key)]
    return sorted(plain(row, known) for row in rows)


def _text(item: dict[str, Any], ignored: frozenset[str]) -> str:
    return json.dumps({name: _value(value, ignored) for name, value in sorted(item.items()) if name not in ignored})


def _value(value: dict[str, Any], ignored: frozenset[str]) -> Any:
    kind, inner = next(iter(value.items()))
    if kind == "M":
        return dict(
            sorted(((name, _value(each, ignored)) for name, each in inner.items() if name not in ignored), key=_place)
        )
    return [_value(each, ignored) for each in inner] if kind == "L" else inner


def _place(entry: tuple[str, Any]) -> tuple[str, str, str]:
    """Sort key of a map's entry: those under ids, which may be new ones, by what they say."""
    name, says = entry
    return _ID.sub("", name), plain(json.dumps(says), "") if _ID.search(name) else "", name
