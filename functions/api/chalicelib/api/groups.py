"""Groups: what their members may take, and where."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows.admin import rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging
from chalicelib.web.fields import Id, Ids, Name, Short, shown
from chalicelib.web.patches import Patch
from chalicelib.web.routes import Routes
from chalicelib.web.rule_views import answer, page, table
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.record import replace

routes: Final = Routes("groups", table("groups"))


class GroupGrantFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What may be taken (`asset_types` or `categories`) and where (`sites` or `banks`); naming none means any.

    A member may have at most `most` of what this grants at once: 0 is none, without it there is no limit.
    """

    asset_types: Ids = ()
    categories: Annotated[tuple[Short, ...], msgspec.Meta(max_length=100)] = ()
    sites: Ids = ()
    banks: Ids = ()
    most: Annotated[int, msgspec.Meta(ge=0, le=1000)] | None = None


class GroupFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a group. A group without grants allows nothing."""

    name: Name
    grants: Annotated[tuple[GroupGrantFields, ...], msgspec.Meta(max_length=50)] = ()


class NewGroup(GroupFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A group to be added; without an `id` one is made."""

    id: Id | None = None


class GroupGrantView(msgspec.Struct, kw_only=True, frozen=True):
    """What may be taken, and where; an empty list means any. `most` is how much of it at once."""

    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    most: int | None = None


class GroupView(msgspec.Struct, kw_only=True, frozen=True):
    """A group."""

    id: str
    name: str
    grants: tuple[GroupGrantView, ...] = ()


@routes.on("GET /groups")
def list_groups(call: Call, query: Paging) -> Answer[Listed[GroupView]]:
    """List the groups by id."""
    return page(call, query, Group, GroupView)


@routes.on("POST /groups", status=HTTPStatus.CREATED)
def create_group(call: Call, body: NewGroup) -> Answer[GroupView]:
    """Add a group."""
    new = _edited(Group(id=body.id or derived("group", call.asked.op), name=body.name), body)
    return answer(rules.create(call.asked, new), GroupView, "groups", created=True)


@routes.on("GET /groups/{id}")
def show_group(call: Call, group_id: str) -> Answer[GroupView]:
    """Show a group."""
    return answer(rules.show(call.asked, Group, group_id), GroupView, "groups")


@routes.on("PATCH /groups/{id}")
def change_group(call: Call, group_id: str, patch: Patch[GroupFields]) -> Answer[GroupView]:
    """Change a group. It counts from the next tap on; loans stay as they are."""

    def edit(group: Group) -> Group:
        grants = tuple(shown(grant, GroupGrantFields) for grant in group.grants)
        return _edited(group, patch.onto(GroupFields(name=group.name, grants=grants), group.revision))

    return answer(rules.change(call.asked, Group, group_id, edit), GroupView, "groups")


def _edited(group: Group, fields: GroupFields) -> Group:
    grants = tuple(msgspec.convert(msgspec.to_builtins(grant), GroupGrant) for grant in fields.grants)
    return replace(group, name=fields.name, grants=grants)
