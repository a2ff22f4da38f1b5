"""Every key of both tables is built here; org first, so that no key can reach another org (safety.md, I13)."""

from datetime import datetime
from hashlib import sha256

AGENDA_SHARDS = 8


def badge(org: str, token: str) -> tuple[str, str]:
    """A badge by its keyed hash."""
    return f"{org}#BADGE#{token}", "BADGE"


def person(org: str, person_id: str) -> tuple[str, str]:
    """A person's profile."""
    return f"{org}#PERSON#{person_id}", "PROFILE"


def pin(org: str, person_id: str) -> tuple[str, str]:
    """What is kept of a person's PIN, apart from the profile: whoever reads that need not see this."""
    return f"{org}#PERSON#{person_id}", "PIN"


def bank(org: str, bank_id: str) -> tuple[str, str]:
    """A bank's configuration; its doors share the partition."""
    return f"{org}#BANK#{bank_id}", "CONFIG"


def door(org: str, bank_id: str, number: int) -> tuple[str, str]:
    """One compartment."""
    return f"{org}#BANK#{bank_id}", f"DOOR#{number:02d}"


def asset(org: str, asset_id: str) -> tuple[str, str]:
    """An asset's present state."""
    return f"{org}#ASSET#{asset_id}", "STATE"


def tag(org: str, epc: str) -> tuple[str, str]:
    """An RFID tag, leading to its asset."""
    return f"{org}#TAG#{epc}", "TAG"


def loan(org: str, loan_id: str) -> tuple[str, str]:
    """A loan; its id is the id of the grant that began it."""
    return f"{org}#LOAN#{loan_id}", "LOAN"


def case(org: str, case_id: str) -> tuple[str, str]:
    """A case."""
    return f"{org}#CASE#{case_id}", "CASE"


def notice(org: str, notice_id: str) -> tuple[str, str]:
    """A notice record."""
    return f"{org}#NOTICE#{notice_id}", "NOTICE"


def view(org: str, bank_id: str, part: int) -> tuple[str, str]:
    """What a bank's readers saw last, a part of a status each; apart from the bank, which every tap reads whole."""
    return f"{org}#VIEW#{bank_id}", f"PART#{part:02d}"


def inventory(org: str, site: str) -> tuple[str, str]:
    """The last inventory of a site."""
    return f"{org}#INVENTORY#{site}", "LATEST"


def inventory_under_way(org: str, site: str) -> tuple[str, str]:
    """How far a site's inventory is."""
    return f"{org}#INVENTORY#{site}", "UNDER_WAY"


def heartbeat(org: str) -> tuple[str, str]:
    """What the last sweep left behind."""
    return f"{org}#HEARTBEAT", "HEARTBEAT"


def said(org: str, about: str, notice_id: str) -> tuple[str, str]:
    """That a notice about a loan or a case was, or is about to be, said in Slack: one partition each."""
    return f"{org}#SAID#{about}", f"NOTICE#{notice_id}"


def pace(org: str, place: str) -> tuple[str, str]:
    """How fast a place is written to: `slack#` and who reads there, or `mail` for all mail."""
    return f"{org}#PACE#{place}", "PACE"


def authorisation(org: str, request: str) -> tuple[str, str]:
    """A request to others to agree to a take."""
    return f"{org}#AUTHORISATION#{request}", "AUTHORISATION"


def imported(org: str, import_id: str) -> tuple[str, str]:
    """An import."""
    return f"{org}#IMPORT#{import_id}", "IMPORT"


def roster(org: str, import_id: str) -> tuple[str, str]:
    """What an import of a roster says of each person."""
    return f"{org}#IMPORT#{import_id}", "ROSTER"


def rule(org: str, kind: str, rule_id: str) -> tuple[str, str]:
    """A policy, group, site or asset type: one partition, so that one Query is the whole rule book."""
    return f"{org}#RULES", f"{kind.upper()}#{rule_id}"


def revision(org: str, kind: str, rule_id: str, number: int) -> tuple[str, str]:
    """What a rule was before it was changed: apart from the rule book, which is read whole."""
    return f"{org}#{kind.upper()}#{rule_id}", f"REVISION#{number:08d}"


def texts(org: str, agreement: str, version: int) -> tuple[str, str]:
    """The texts of one version of some terms; apart from the rule book, which knows their hashes only."""
    return f"{org}#TERMS#{agreement}", f"VERSION#{version:06d}"


def rules_stamp(org: str) -> tuple[str, str]:
    """The rule book's counter; apart from its partition so that reading it costs one small item."""
    return f"{org}#STAMP", "STAMP"


def principal(subject: str) -> tuple[str, str]:
    """Who a token's subject or client id is; the only key without an org: it is where the org comes from."""
    return f"PRINCIPAL#{subject}", "PRINCIPAL"


def principal_of(org: str, person_id: str) -> tuple[str, str]:
    """Which subject a person signs in as."""
    return f"{org}#PERSON#{person_id}", "PRINCIPAL"


def known_as(org: str, how: str, name: str) -> tuple[str, str]:
    """Who bears a name elsewhere: `how` is slack or email; by its hash, so that no key tells an address."""
    return f"{org}#KNOWN#{how}#{sha256(name.encode()).hexdigest()}", "KNOWN"


def heard(org: str, what: str, digest: str) -> tuple[str, str]:
    """That a message from outside was heard, by its digest."""
    return f"{org}#HEARD#{what}#{digest}", "HEARD"


def issued(org: str, bank_id: str, version: str) -> tuple[str, str]:
    """A roster that was made for a bank; apart from the bank's own partition, which taps read whole."""
    return f"{org}#ALONE#{bank_id}", f"ROSTER#{version}"


def latest_roster(org: str, bank_id: str) -> tuple[str, str]:
    """The roster that a bank was told of last."""
    return f"{org}#ALONE#{bank_id}", "LATEST"


def told_alone(org: str, bank_id: str, report: str) -> tuple[str, str]:
    """That what a bank did by itself was applied, for ever: by the report that told of it."""
    return f"{org}#ALONE#{bank_id}", f"REPORT#{report}"


def staff(org: str) -> tuple[str, str]:
    """When people, badges or what they may do were last edited."""
    return f"{org}#STAFF#EDITED", "STAFF"


def idempotency(org: str, principal_id: str, key: str) -> tuple[str, str]:
    """A stored answer for an `Idempotency-Key` of a principal."""
    return f"{org}#IDEMPOTENCY#{principal_id}#{sha256(key.encode()).hexdigest()}", "ANSWER"


def edit(org: str, op: str) -> tuple[str, str]:
    """The guard of an edit of people or rules."""
    return f"{org}#EDIT#{op}", "EDIT"


def event(org: str, asset_id: str, seq: int) -> tuple[str, str]:
    """One custody event (ledger table)."""
    return f"{org}#ASSET#{asset_id}", f"EVENT#{seq:012d}"


def operation(org: str, asset_id: str, op: str) -> tuple[str, str]:
    """The permanent guard of an operation that no loan remembers (ledger table)."""
    return f"{org}#ASSET#{asset_id}", f"OP#{op}"


def opening(org: str, bank_id: str, grant: str) -> tuple[str, str]:
    """A remote opening of one of a bank's doors (ledger table)."""
    return f"{org}#BANK#{bank_id}", f"OPENING#{grant}"


def agreed(org: str, person_id: str, about: str, by: str, said: str) -> tuple[str, str]:
    """What somebody said to a person's take or return (ledger table): once each, about one session or request."""
    return f"{org}#PERSON#{person_id}", f"AGREED#{about}#{by}#{said}"


def override(org: str, person_id: str, override_id: str) -> tuple[str, str]:
    """An override that was given to a person (ledger table)."""
    return f"{org}#PERSON#{person_id}", f"OVERRIDE#{override_id}"


def override_used(org: str, person_id: str, override_id: str) -> tuple[str, str]:
    """That an override was used up (ledger table)."""
    return f"{org}#PERSON#{person_id}", f"OVERRIDE#{override_id}#USED"


def agenda_shard(pk: str) -> str:
    """Spread what is due over a few partitions; the sweeper reads them all."""
    return f"AGENDA#{sha256(pk.encode()).digest()[0] % AGENDA_SHARDS}"


def agenda_shards() -> tuple[str, ...]:
    """All of them."""
    return tuple(f"AGENDA#{number}" for number in range(AGENDA_SHARDS))


def listing(org: str, kind: str, *parts: str) -> str:
    """Partition of the listing index: `{org}#PEOPLE`, `{org}#LOANS#open`."""
    return "#".join((org, kind.upper(), *parts))


def moment(at: datetime) -> str:
    """Return a UTC instant as sortable text, milliseconds, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def org_of(pk: str) -> str:
    """Return the org a partition key belongs to."""
    return pk.partition("#")[0]
