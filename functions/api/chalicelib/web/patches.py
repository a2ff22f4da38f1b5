"""PATCH: RFC 7396 merge patches, applied to the state that `If-Match` names (design.md, *HTTP contract*)."""

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from chalicelib.web.answers import etag, wire
from chalicelib.web.bodies import fit
from chalicelib.web.problems import Unconditional
from toolcrib.domain.refusals import Stale

MEDIA_TYPES: Final = ("application/json", "application/merge-patch+json")

Fields = TypeVar("Fields")


@dataclass(frozen=True)
class Patch(Generic[Fields]):
    """A merge patch of `Fields`, and the ETags it is meant for (None: any)."""

    document: dict[str, Any]
    tags: frozenset[str] | None

    def onto(self, fields: Fields, version: int) -> Fields:
        """Return `fields` with the patch merged in and judged as strictly as a new body.

        Raises `Stale` when `version` is not what the client read, `Invalid` for what does not fit.
        """
        if self.tags is not None and etag(version) not in self.tags:
            raise Stale
        return fit(merge(wire(fields), self.document), type(fields))


def merge(target: Any, patch: Any) -> Any:
    """Return RFC 7396's MergePatch: objects member by member, null removes, anything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def wanted_tags(if_match: str | None) -> frozenset[str] | None:
    """Return the ETags of an `If-Match` header, None for `*`; raises `Unconditional` without one."""
    if if_match is None or not if_match.strip():
        raise Unconditional
    tags = frozenset(tag.strip() for tag in if_match.split(","))
    return None if "*" in tags else tags
