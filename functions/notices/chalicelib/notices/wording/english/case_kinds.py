"""The words of every kind of case: a headline, what happened, and what to do, most urgent first.

`{door}` is `door 3 of hq-01`, `{bank}` the locker, `{thing}` the asset, `{person}` whom the case names, `{when}` the
site's local time; with a capital they begin a sentence. What is not known reads `something`, `somebody`, `a locker`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.notices.wording.words import Tone
from toolcrib.domain.cases import CaseKind as K


@dataclass(frozen=True)
class CaseWords:
    """One kind of case in English."""

    tone: Tone
    headline: str
    happened: str
    steps: tuple[str, ...]


RESOLVE = "Resolve the case with what you found."

KINDS: Mapping[K, CaseWords] = {
    K.FORCED: CaseWords(
        Tone.ALARM,
        "Forced open: {door}",
        "{Door} was opened {when} although nobody was let in. "
        "What was inside is unconfirmed until somebody has looked.",
        ("Go and look now, or send security: is the door damaged, is everything still inside?", RESOLVE),
    ),
    K.TAMPER: CaseWords(
        Tone.ALARM,
        "Tamper alarm: {bank}",
        "The tamper switch of {bank} tripped {when}: somebody opened the cabinet itself, or it took a hard knock.",
        ("Go and look now, or send security.", "Was it a planned repair? Then say so when you resolve the case."),
    ),
    K.BADGE_ELSEWHERE: CaseWords(
        Tone.ALARM,
        "Badge in two places: {person}",
        "A badge of {person} was used at two sites within a time nobody could travel, the second time {when}. "
        "The second time it took nothing.",
        ("Ask {person} whether the badge is with them. If not, revoke it: it stops working within seconds.", RESOLVE),
    ),
    K.UNKNOWN_BADGES: CaseWords(
        Tone.ALARM,
        "Many unknown badges: {bank}",
        "At least five badges that nobody knows were held to {bank} within a minute, {when}. No door opened.",
        ("Look who is there: a new colleague without a badge on record, or somebody who is trying cards?", RESOLVE),
    ),
    K.LEFT_OPEN: CaseWords(
        Tone.ALARM,
        "Left open: {door}",
        "{Door} is standing open, reported {when}. Anybody can reach what is inside.",
        ("Close it, or ask whoever is near to close it.", "It will not close? Empty it and take it out of use."),
    ),
    K.POWER: CaseWords(
        Tone.ALARM,
        "On battery: {bank}",
        "{Bank} lost its mains power {when}. It goes on until its battery is empty; then its doors stay shut.",
        ("Check its plug and fuse.", "Cannot be mended soon? Tell people to use another locker."),
    ),
    K.SILENT_BANK: CaseWords(
        Tone.ALARM,
        "No word from {bank}",
        "{Bank} has gone silent, noticed {when}. Until it is back, nobody can take or return anything there.",
        ("Check its power and its network.", "Tell people which other locker to use meanwhile."),
    ),
    K.JAMMED: CaseWords(
        Tone.CHECK,
        "Jammed: {door}",
        "{Door} did not move as it was told {when}. After three jams in a day it goes out of use by itself.",
        ("Free the latch and look for what blocks it.", "Try it with a remote opening, then resolve the case."),
    ),
    K.WRONG_ITEM: CaseWords(
        Tone.CHECK,
        "Another thing was taken: {thing}",
        "{Thing} left {door} {when}, though something else was to be taken. It was last seen with {person}.",
        ("Ask {person} whether they have it.", "They may bring it back to any locker; that settles the case."),
    ),
    K.UNKNOWN_TAG: CaseWords(
        Tone.CHECK,
        "Unknown tag: {door}",
        "Something with a tag that is not on record was put into {door} {when}.",
        ("Look what it is. Register the tag with its asset, or take the thing out.", RESOLVE),
    ),
    K.UNEXPECTED_ITEM: CaseWords(
        Tone.CHECK,
        "Seen where it should not be: {thing}",
        "{Thing} was seen in {door} {when}, but the record has it elsewhere. "
        "It is unconfirmed until somebody has looked.",
        ("Look into {door}: is it really there?", RESOLVE),
    ),
    K.MISPLACED: CaseWords(
        Tone.CHECK,
        "In another door: {thing}",
        "{Thing} was put into {door} {when}, which is not where it was expected.",
        ("Look into {door}: is it really there?", RESOLVE),
    ),
    K.WEAK_EVIDENCE: CaseWords(
        Tone.CHECK,
        "Please check a return: {thing}",
        "{Person} returned {thing} to {door} {when}. That door cannot prove it as this type requires, "
        "so it is unconfirmed; nobody is blamed meanwhile.",
        ("Look into {door}.", "Is it there? Resolve the case as found. Is it not? Ask {person}."),
    ),
    K.NOT_TAKEN: CaseWords(
        Tone.CHECK,
        "Says not taken: {thing}",
        "{Person} opened {door} {when} and says that {thing} stayed inside. The loan is closed, nobody is blamed.",
        ("Look into {door}: is it there?", RESOLVE),
    ),
    K.NOT_RETURNED: CaseWords(
        Tone.CHECK,
        "Could not be returned: {thing}",
        "{Person} wanted to return {thing} to {door} {when} and could not leave it there.",
        ("Look into {door}: what is in the way?", "Offer {person} another door, then resolve the case."),
    ),
    K.UNRESOLVED: CaseWords(
        Tone.CHECK,
        "Unclear: {door}",
        "{Door} was told to open {when}, and it is not known what happened then. {Thing} was last seen with {person}.",
        ("Look into {door}, and ask {person}.", "A report that still arrives settles the case by itself."),
    ),
    K.LATE_REPORT: CaseWords(
        Tone.CHECK,
        "A report came late: {door}",
        "{Bank} reported {when} on an opening that had been settled without it. Nothing was changed by it.",
        ("Does the record of {door} match what is inside?", RESOLVE),
    ),
    K.CONTRADICTION: CaseWords(
        Tone.CHECK,
        "Record and locker disagree: {thing}",
        "What {door} reported {when} cannot be true if the record of {thing} is. "
        "It is unconfirmed until somebody has looked.",
        ("Look into {door}, and ask {person}.", RESOLVE),
    ),
    K.REVOKED_BANK: CaseWords(
        Tone.CHECK,
        "Revoked, but reporting: {bank}",
        "{Bank} was revoked and sent a report {when} all the same. Nothing was changed by it.",
        ("Find out who has its keys, and where it stands.", "Check what is inside before it is enrolled again."),
    ),
    K.REJECTED_REPORT: CaseWords(
        Tone.CHECK,
        "A report could not be used: {bank}",
        "{Bank} sent a report {when} that can never be applied. It is kept with the case.",
        ("Does the record of {door} match what is inside?", "Has the bank the right firmware? Then resolve the case."),
    ),
    K.SEQUENCE_GAP: CaseWords(
        Tone.CHECK,
        "Reports are missing: {bank}",
        "{Bank} numbers its reports, and some are missing, noticed {when}. It repeats what it still has by itself.",
        ("Is the gap still there in an hour? Compare what is inside with the record.", RESOLVE),
    ),
    K.CLOCK_SKEW: CaseWords(
        Tone.CHECK,
        "Clock is wrong: {bank}",
        "The clock of {bank} is more than two minutes off, noticed {when}. "
        "Loans are not affected: the cloud's clock counts.",
        ("Check its network time.", RESOLVE),
    ),
    K.FAULT: CaseWords(
        Tone.CHECK,
        "Fault reported: {thing}",
        "{Person} reported a fault of {thing} {when}.",
        ("Look at it, and send it to repair if it must not be lent.", RESOLVE),
    ),
    K.CLAIMED_RETURNED: CaseWords(
        Tone.CHECK,
        "Says it is back: {thing}",
        "{Person} says that {thing} has been returned, {when}; no locker has seen it. "
        "Reminders to {person} pause for at most a week.",
        ("Look for it: in {door}, beside the locker, at the desk.", RESOLVE),
    ),
    K.DISPUTED: CaseWords(
        Tone.CHECK,
        "Disputed: {thing}",
        "{Person} says, {when}, that the loan of {thing} is wrong. It stays on record as theirs until somebody has "
        "looked into it. Reminders to {person} pause for at most a week.",
        ("Talk to {person} and look at the history of {thing}.", "Resolve the case, with where {thing} really is."),
    ),
    K.LOST: CaseWords(
        Tone.ALARM,
        "Given up as lost: {thing}",
        "{Thing} is so late, {when}, that it counts as lost. It was lent to {person}, who can take nothing else until "
        "it is back or found.",
        ("Ask {person} once more.", "It turns up? A return at any locker, or “found”, settles it.", RESOLVE),
    ),
    K.COUNTERSIGNATURE: CaseWords(
        Tone.CHECK,
        "Not countersigned: {thing}",
        "{Thing} came back to {door} {when}, and nobody countersigned it within a minute. It counts as returned.",
        ("Look at {thing} in {door}.", RESOLVE),
    ),
    K.TERMS_DECLINED: CaseWords(
        Tone.CHECK,
        "Terms not accepted: {person}",
        "{Person} was shown terms at {bank} {when} and did not accept them. Nothing was lent.",
        ("Ask {person} what stands in the way.", RESOLVE),
    ),
}
