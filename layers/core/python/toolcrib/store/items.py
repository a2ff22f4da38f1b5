"""What lies in the state table, one class per kind of item; `about` is what the listing index shows.

Values are plain (text, numbers, maps, lists); `mapping` turns them into the domain's records.
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from toolcrib.store.attributes import PlainList, PlainMap
from toolcrib.store.tables import StateItem


class BadgeItem(StateItem, discriminator="badge"):
    """A badge: whose, and whether it still counts."""

    about = PlainMap()


class PersonItem(StateItem, discriminator="person"):
    """A person's one item: description, and the summary of their loans."""

    about = PlainMap()
    holdings = PlainMap()
    last_take = PlainMap(null=True)
    last_return = PlainMap(null=True)
    shifts = PlainMap(null=True)
    acceptances = PlainMap(null=True)
    asked = PlainMap(null=True)
    spent = PlainMap(null=True)
    blocks = PlainMap(null=True)
    late_returns = PlainList(null=True)
    pin = PlainMap(null=True)
    overrides = PlainMap(null=True)
    told = PlainMap(null=True)
    version = NumberAttribute()


class PinItem(StateItem, discriminator="pin"):
    """What is kept of a person's PIN; on no index, so that no list can show it."""

    hash = PlainMap(null=True)
    key = UnicodeAttribute(null=True)
    guesses = NumberAttribute(null=True)
    guess = UnicodeAttribute(null=True)
    locked_until = UnicodeAttribute(null=True)
    set_at = UnicodeAttribute(null=True)
    version = NumberAttribute()


class BankItem(StateItem, discriminator="bank"):
    """A bank's description and its connection to us."""

    about = PlainMap()
    state = UnicodeAttribute()
    generation = NumberAttribute()
    certificate = UnicodeAttribute(null=True)
    last_seen_at = UnicodeAttribute(null=True)
    boot = NumberAttribute(null=True)
    firmware = UnicodeAttribute(null=True)
    silent = BooleanAttribute(default=False)
    unknown_taps = PlainList(null=True)
    outages = PlainList(null=True)
    checkpoint = PlainList(null=True)
    seqs = PlainList(null=True)
    revision = NumberAttribute()
    claim = PlainMap(null=True)
    certified = PlainMap(null=True)
    renewal = PlainMap(null=True)


class DoorItem(StateItem, discriminator="door"):
    """A compartment: contents, live or last grant, and why nothing may be taken from it, if so."""

    number = NumberAttribute()
    size = UnicodeAttribute()
    features = PlainList(null=True)
    capacity = NumberAttribute()
    contents = PlainList(null=True)
    grant = PlainMap(null=True)
    unlendable = UnicodeAttribute(null=True)
    awaits = PlainMap(null=True)
    physical = UnicodeAttribute()
    jams = PlainList(null=True)
    seqs = PlainList(null=True)
    version = NumberAttribute()


class AssetItem(StateItem, discriminator="asset"):
    """An asset: `about` is edited by admins (`revision`), the rest by custody moves (`version`)."""

    about = PlainMap()
    state = UnicodeAttribute()
    custodian = PlainMap()
    custody = PlainMap()
    version = NumberAttribute()
    revision = NumberAttribute()


class TagItem(StateItem, discriminator="tag"):
    """An RFID tag and the asset that wears it."""

    asset = UnicodeAttribute()


class LoanItem(StateItem, discriminator="loan"):
    """A loan: what lists show in `about`, the terms it was made under, and every grant that named it."""

    about = PlainMap()
    state = UnicodeAttribute()
    terms = PlainMap()
    grants = PlainMap()
    cursor = PlainMap()
    take_answers = PlainMap(null=True)
    return_answers = PlainMap(null=True)
    return_proofs = PlainMap(null=True)
    version = NumberAttribute()


class HeartbeatItem(StateItem, discriminator="heartbeat"):
    """What the last sweep left behind."""

    about = PlainMap()


class ViewItem(StateItem, discriminator="view"):
    """A part of what a bank's readers saw last; on no index. `at` is the moment it speaks of."""

    about = PlainMap()
    at = UnicodeAttribute()


class InventoryItem(StateItem, discriminator="inventory"):
    """A site's inventory: the last one, or how far the one is that is under way; on no index."""

    about = PlainMap()


class AuthorisationItem(StateItem, discriminator="authorisation"):
    """A request to others to agree to a take."""

    about = PlainMap()
    state = UnicodeAttribute()
    version = NumberAttribute()


class TextsItem(StateItem, discriminator="texts"):
    """The texts of one version of some terms, by language."""

    agreement = UnicodeAttribute()
    version = NumberAttribute()
    at = UnicodeAttribute()
    texts = PlainMap()


class CaseItem(StateItem, discriminator="case"):
    """A case."""

    about = PlainMap()
    answers = PlainMap(null=True)
    state = UnicodeAttribute()
    version = NumberAttribute()


class NoticeItem(StateItem, discriminator="notice"):
    """A notice record; `wake` is touched by the sweeper so that the stream tells of it again."""

    about = PlainMap()
    state = UnicodeAttribute()
    wake = UnicodeAttribute(null=True)
    version = NumberAttribute()


class SaidItem(StateItem, discriminator="said"):
    """That a notice about a loan or a case may stand in Slack; nothing but its key."""


class PaceItem(StateItem, discriminator="pace"):
    """How fast a place is written to; on no index."""

    about = PlainMap()
    version = NumberAttribute()


class RuleItem(StateItem, discriminator="rule"):
    """A policy, group, site or asset type."""

    about = PlainMap()
    revision = NumberAttribute()


class RevisionItem(StateItem, discriminator="revision"):
    """What a policy was before it was changed."""

    about = PlainMap()
    revision = NumberAttribute()


class ImportItem(StateItem, discriminator="import"):
    """An import, and how far it is."""

    about = PlainMap()
    state = UnicodeAttribute()
    version = NumberAttribute()


class RosterItem(StateItem, discriminator="roster"):
    """What an import says of each person, for as long as it takes to write it down."""

    people = PlainMap()
    span = PlainList()


class StampItem(StateItem, discriminator="stamp"):
    """Counts changes of the rule book, so that functions know when theirs is old."""

    stamp = NumberAttribute()


class PrincipalItem(StateItem, discriminator="principal"):
    """Who a token speaks for."""

    org = UnicodeAttribute()
    role = UnicodeAttribute()
    person = UnicodeAttribute(null=True)
    sites = PlainList(null=True)


class PrincipalOfItem(StateItem, discriminator="principal_of"):
    """Which subject a person signs in as; what that may do is the subject's own item."""

    subject = UnicodeAttribute()


class KnownItem(StateItem, discriminator="known"):
    """Who may bear a name elsewhere; whether they do is judged by their profile."""

    person = UnicodeAttribute()


class HeardItem(StateItem, discriminator="heard"):
    """That a message from outside was heard, by which request: no other one hears it again."""

    by = UnicodeAttribute()


class IssuedItem(StateItem, discriminator="issued"):
    """A roster that was made for a bank, so that what the bank did under it can be judged later."""

    about = PlainMap()


class LatestItem(StateItem, discriminator="latest"):
    """The roster that a bank was told of last."""

    about = PlainMap()


class ToldAloneItem(StateItem, discriminator="told_alone"):
    """That what a bank did by itself was applied; nothing but its key."""


class StaffItem(StateItem, discriminator="staff"):
    """When people, badges or what they may do were last edited."""

    at = UnicodeAttribute()


class AnswerItem(StateItem, discriminator="answer"):
    """An `Idempotency-Key` in use: until `leased_until` (epoch seconds) somebody is at work, then `answer` is kept."""

    fingerprint = UnicodeAttribute()
    holder = UnicodeAttribute()
    leased_until = NumberAttribute()
    answer = PlainMap(null=True)


class EditItem(StateItem, discriminator="edit"):
    """The guard of an edit that no ledger remembers, put in its transaction: it was done, and need not be again."""
