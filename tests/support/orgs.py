"""One of everything at two sites, for the API's tests: what a principal may see, may not see, and another org's."""

from datetime import timedelta
from typing import Any

from chalicelib.flows.admin.badges import public_id
from tests.support.workplace import NOW
from toolcrib.domain.agreements import Agreement, Texts, digest
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, BankState, Door, Mode
from toolcrib.domain.events import Cause, created
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.imports import Import, ImportState
from toolcrib.domain.kits import Kit
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice
from toolcrib.domain.pairing import Pair, PairKind
from toolcrib.domain.people import Badge, Group, GroupGrant, ManualBlock, Person
from toolcrib.domain.policies import Authorisers, Match, Period, Policy, Site, Terms, To, Via
from toolcrib.store import mapping
from toolcrib.store.agreements import texts_item
from toolcrib.store.commit import commit
from toolcrib.store.rules import save_rule
from toolcrib.store.tables import connection

HOUSE = "Bring it back clean."
BLOCKS = {"b": ManualBlock(since=NOW, by="boss", reason="lent it on")}
TERMS = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))


def fill(org: str, tag: str = "") -> None:
    """Put rules, and at sites `hq` and `dock` one of everything else; `tag` makes an org's ids its own."""
    connection()
    for rule in _rules(tag):
        save_rule(org, f"setup-{type(rule).__name__}-{rule.id}", NOW, rule)
    texts_item(org, Texts(agreement=f"house{tag}", version=1, at=NOW, texts={"en": HOUSE})).save()
    for site in ("hq", "dock"):
        put(org, f"{site}{tag}", f"{site}{tag}")


def put(org: str, name: str, site: str) -> None:
    """Put a person with a badge, an asset, a loan, a case, a notice, an import and a bank, all of this `name`."""
    mapping.person_item(org, Person(id=name, name="Ann Canary", site=site, groups=("crew",), blocks=BLOCKS)).save()
    mapping.badge_item(org, Badge(id=token(name), person=name)).save()
    mapping.loan_item(org, loan(name, site)).save()
    mapping.case_item(org, Case(id=name, kind=CaseKind.FAULT, opened_at=NOW, site=site, person=name)).save()
    mapping.notice_item(org, notice(name, site)).save()
    demand = Authorisers(count=1, group="safety")
    wanted = {"id": name, "person": name, "type": "drill", "bank": name, "site": site, "demands": (demand,)}
    request = Authorisation(**wanted, asked_at=NOW, until=NOW + timedelta(minutes=15))
    mapping.authorisation_item(org, request).save()
    mapping.import_item(org, Import(id=name, site=site, by="boss", state=ImportState.DONE, at=NOW)).save()
    bank = Bank(id=name, site=site, evidence=Evidence.TAGS, mode=Mode.KIOSK, state=BankState.ACTIVE, generation=1)
    mapping.bank_item(org, bank).save()
    mapping.door_item(org, Door(bank=name, number=1)).save()
    cause = Cause(op=f"setup-{name}", at=NOW, evidence=Evidence.DECLARED)
    asset = Asset(id=name, type="drill", name="Drill", site=site, custodian=Custodian.site(site))
    new, event = created(asset, cause)
    commit(org, Change(op=cause.op, at=NOW, assets=(new,), events=(event,)))


def token(name: str) -> str:
    return f"1.{name:_<43}"


def badge_id(org: str, name: str) -> str:
    return public_id(org, token(name))


def loan(name: str, site: str, **more: Any) -> Loan:
    given = {
        "id": name,
        "asset": name,
        "type": "drill",
        "person": name,
        "site": site,
        "bank": name,
        "door": 1,
        "state": LoanState.OPEN,
        "authorised_at": NOW,
        "taken_at": NOW,
        "due_at": NOW + timedelta(hours=8),
        "terms": TERMS,
    }
    return Loan(**{**given, **more})


def notice(name: str, site: str, **more: Any) -> Notice:
    given = {
        "id": name,
        "loan": name,
        "site": site,
        "step": "PT2H",
        "to": To.HOLDER,
        "recipient": name,
        "via": Via.EMAIL,
        "due_at": NOW,
    }
    return Notice(**{**given, **more})


def _rules(tag: str) -> list[Any]:
    return [
        Policy(id=f"fallback{tag}", match=Match(), period=TERMS.period),
        Group(id=f"crew{tag}", name="Crew", grants=(GroupGrant(categories=("tools",)),)),
        AssetType(id=f"drill{tag}", name="Drill", category="tools"),
        Pair(id=f"pair{tag}", kind=PairKind.EXCLUSIVE, categories=("tools", "it")),
        Kit(id=f"kit{tag}", name="Drone", parts=(f"hq{tag}", f"dock{tag}")),
        Agreement(id=f"house{tag}", title="House rules", categories=("it",), digests={"en": digest(HOUSE)}),
        *(Site(id=f"{site}{tag}", name=site, time_zone="Europe/Berlin") for site in ("hq", "dock")),
    ]
