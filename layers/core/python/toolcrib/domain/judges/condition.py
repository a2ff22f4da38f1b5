"""Row 7: the thing is in a shape to be lent."""

from toolcrib.domain.doors import Content
from toolcrib.domain.judges.finding import Fact, Finding, Remark
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.upkeep import CHARGES, Condition, ServiceAction, charged, service_due


def condition(subject: Subject, _: RuleBook) -> Finding:
    """Row 7: kit complete, no critical fault, no service due that blocks, charged enough; what is minor is said."""
    unit = subject.content
    if unit is None:
        return Finding(detail="no unit to look at")
    found = (_whole(subject), _fault(unit), _service(subject, unit), _charge(subject, unit))
    refused = next((finding for finding in found if finding.code not in {None, *subject.overridden}), None)
    if refused is not None:
        return refused
    remarks = tuple(remark for finding in found for remark in finding.remarks)
    return Finding(detail="; ".join(finding.detail for finding in found), remarks=remarks)


def _whole(subject: Subject) -> Finding:
    if subject.kit is None:
        return Finding(detail="lent by itself")
    if not subject.missing:
        return Finding(detail=f"kit {subject.kit.id} is complete")
    names = ", ".join(subject.missing)
    detail = f"of kit {subject.kit.id} not in this door: {names}"
    return Finding(code="kit_incomplete", detail=detail, facts={"thing": subject.kit.name, "parts": names})


def _fault(unit: Content) -> Finding:
    detail = f"{unit.asset} is {unit.condition}"
    if unit.condition is Condition.CRITICAL:
        return Finding(code="faulty", detail=detail, facts={"thing": unit.name})
    warns = unit.condition is Condition.MINOR
    return Finding(detail=detail, remarks=(Remark(says="faulty.minor"),) if warns else ())


def _service(subject: Subject, unit: Content) -> Finding:
    service = subject.asset_type.service
    due = service_due(service, unit, subject.at)
    if service is None or due is None:
        return Finding(detail="no service is due")
    if service.action is ServiceAction.BLOCK:
        return Finding(code="service_due", detail=due, facts={"thing": unit.name})
    return Finding(detail=f"{due}, which only warns", remarks=(Remark(says="service_due.warn"),))


def _charge(subject: Subject, unit: Content) -> Finding:
    charging, door = subject.asset_type.charging, subject.door
    if charging is None:
        return Finding(detail="needs no charge")
    since = unit.since if door is not None else None
    charger = door is not None and CHARGES in door.features
    percent = charged(charging, unit, subject.at, since=since, charger=charger)
    detail = f"charged to {percent} %, at least {charging.minimum} %"
    if percent >= charging.minimum:
        return Finding(detail=detail)
    facts: dict[str, Fact] = {"thing": unit.name, "percent": percent, "least": charging.minimum}
    return Finding(code="charge_low", detail=detail, facts=facts)
