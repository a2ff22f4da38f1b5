"""Faults over HTTP: a case of that kind, and the photos in the folder of its id."""

from typing import TYPE_CHECKING

from chalicelib.flows.admin import cases
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.ids import derived
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Conflict, NotFound

if TYPE_CHECKING:
    from toolcrib.store.photos import Form, Photo


def show(asked: Asked, fault: str) -> "tuple[Case, tuple[Photo, ...]]":
    """Return a fault and its photos; raises `NotFound`, also where the principal may not see it."""
    from toolcrib.store.photos import list_photos  # a client of S3 is slow to make, and most requests need none

    case = _fault(asked, fault)
    return case, list_photos(asked.org, case.id)


def photo(asked: Asked, fault: str, content_type: str) -> "Form":
    """Return the form with which one more photo is sent; raises `Conflict` where it is over, or has enough."""
    from toolcrib.store.photos import MOST, list_photos, upload_form

    case = _fault(asked, fault)
    if case.state is not CaseState.OPEN:
        raise Conflict(code="already_resolved", detail=f"this fault was resolved as {case.resolution}")
    if len(list_photos(asked.org, case.id)) >= MOST:
        raise Conflict(code="too_many_photos", detail=f"{MOST} photos are on record", advice="Describe the rest.")
    return upload_form(asked.org, case.id, derived("photo", asked.op), content_type)


def _fault(asked: Asked, fault: str) -> Case:
    case = cases.show(asked, fault)
    if case.kind is not CaseKind.FAULT:
        raise NotFound(detail=f"there is no fault {fault}")
    return case
