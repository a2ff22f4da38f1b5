"""The words of every kind of case: a headline, what happened, and what to do, most urgent first.

`{door}` is `door 3 of hq-01`, `{bank}` the locker, `{thing}` the asset, `{person}` whom the case names, `{when}` the
site's local time; with a capital they begin a sentence. What is not known reads `something`, `somebody`, `a locker`.
"""

from collections.abc import Mapping

from chalicelib.notices.wording.about.case_form import RESOLVE, CaseWords
from chalicelib.notices.wording.about.lent_alone import ALONE
from chalicelib.notices.wording.about.tag_kinds import OF_TAGS
from chalicelib.notices.wording.words import Tone
from toolcrib.domain.cases import CaseKind as K
from toolcrib.send.words.marks import sentence

KINDS: Mapping[K, CaseWords] = {
    K.FORCED: CaseWords(
        Tone.ALARM,
        sentence("Forced open: {door}"),
        sentence(
            "{Door} was opened {when} although nobody was let in. "
            "What was inside is unconfirmed until somebody has looked."
        ),
        (sentence("Go and look now, or send security: is the door damaged, is everything still inside?"), RESOLVE),
    ),
    K.TAMPER: CaseWords(
        Tone.ALARM,
        sentence("Tamper alarm: {bank}"),
        sentence(
            "The tamper switch of {bank} tripped {when}: somebody opened the cabinet itself, or it took a hard knock."
        ),
        (
            sentence("Go and look now, or send security."),
            sentence("Was it a planned repair? Then say so when you resolve the case."),
        ),
    ),
    K.BADGE_ELSEWHERE: CaseWords(
        Tone.ALARM,
        sentence("Badge in two places: {person}"),
        sentence(
            "A badge of {person} was used at two sites within a time nobody could travel, the second time {when}. "
            "The second time it took nothing."
        ),
        (
            sentence(
                "Ask {person} whether the badge is with them. If not, revoke it: it stops working within seconds."
            ),
            RESOLVE,
        ),
    ),
    K.UNKNOWN_BADGES: CaseWords(
        Tone.ALARM,
        sentence("Many unknown badges: {bank}"),
        sentence("At least five badges that nobody knows were held to {bank} within a minute, {when}. No door opened."),
        (
            sentence("Look who is there: a new colleague without a badge on record, or somebody who is trying cards?"),
            RESOLVE,
        ),
    ),
    K.LEFT_OPEN: CaseWords(
        Tone.ALARM,
        sentence("Left open: {door}"),
        sentence("{Door} is standing open, reported {when}. Anybody can reach what is inside."),
        (
            sentence("Close it, or ask whoever is near to close it."),
            sentence("It will not close? Empty it and take it out of use."),
        ),
    ),
    K.POWER: CaseWords(
        Tone.ALARM,
        sentence("On battery: {bank}"),
        sentence(
            "{Bank} lost its mains power {when}. It goes on until its battery is empty; then its doors stay shut."
        ),
        (sentence("Check its plug and fuse."), sentence("Cannot be mended soon? Tell people to use another locker.")),
    ),
    K.SILENT_BANK: CaseWords(
        Tone.ALARM,
        sentence("No word from {bank}"),
        sentence("{Bank} has gone silent, noticed {when}. Until it is back, nobody can take or return anything there."),
        (sentence("Check its power and its network."), sentence("Tell people which other locker to use meanwhile.")),
    ),
    K.JAMMED: CaseWords(
        Tone.CHECK,
        sentence("Jammed: {door}"),
        sentence("{Door} did not move as it was told {when}. After three jams in a day it goes out of use by itself."),
        (
            sentence("Free the latch and look for what blocks it."),
            sentence("Try it with a remote opening, then resolve the case."),
        ),
    ),
    K.WRONG_ITEM: CaseWords(
        Tone.CHECK,
        sentence("Another thing was taken: {thing}"),
        sentence("{Thing} left {door} {when}, though something else was to be taken. It was last seen with {person}."),
        (
            sentence("Ask {person} whether they have it."),
            sentence("They may bring it back to any locker; that settles the case."),
        ),
    ),
    **OF_TAGS,
    K.WEAK_EVIDENCE: CaseWords(
        Tone.CHECK,
        sentence("Please check a return: {thing}"),
        sentence(
            "{Person} returned {thing} to {door} {when}. That door cannot prove it as this type requires, "
            "so it is unconfirmed; nobody is blamed meanwhile."
        ),
        (sentence("Look into {door}."), sentence("Is it there? Resolve the case as found. Is it not? Ask {person}.")),
    ),
    K.NOT_TAKEN: CaseWords(
        Tone.CHECK,
        sentence("Says not taken: {thing}"),
        sentence(
            "{Person} opened {door} {when} and says that {thing} stayed inside. The loan is closed, nobody is blamed."
        ),
        (sentence("Look into {door}: is it there?"), RESOLVE),
    ),
    K.NOT_RETURNED: CaseWords(
        Tone.CHECK,
        sentence("Could not be returned: {thing}"),
        sentence("{Person} wanted to return {thing} to {door} {when} and could not leave it there."),
        (
            sentence("Look into {door}: what is in the way?"),
            sentence("Offer {person} another door, then resolve the case."),
        ),
    ),
    K.UNRESOLVED: CaseWords(
        Tone.CHECK,
        sentence("Unclear: {door}"),
        sentence(
            "{Door} was told to open {when}, and it is not known what happened then. "
            "{Thing} was last seen with {person}."
        ),
        (
            sentence("Look into {door}, and ask {person}."),
            sentence("A report that still arrives settles the case by itself."),
        ),
    ),
    K.LATE_REPORT: CaseWords(
        Tone.CHECK,
        sentence("A report came late: {door}"),
        sentence("{Bank} reported {when} on an opening that had been settled without it. Nothing was changed by it."),
        (sentence("Does the record of {door} match what is inside?"), RESOLVE),
    ),
    K.CONTRADICTION: CaseWords(
        Tone.CHECK,
        sentence("Record and locker disagree: {thing}"),
        sentence(
            "What {door} reported {when} cannot be true if the record of {thing} is. "
            "It is unconfirmed until somebody has looked."
        ),
        (sentence("Look into {door}, and ask {person}."), RESOLVE),
    ),
    K.REVOKED_BANK: CaseWords(
        Tone.CHECK,
        sentence("Revoked, but reporting: {bank}"),
        sentence("{Bank} was revoked and sent a report {when} all the same. Nothing was changed by it."),
        (
            sentence("Find out who has its keys, and where it stands."),
            sentence("Check what is inside before it is enrolled again."),
        ),
    ),
    K.REJECTED_REPORT: CaseWords(
        Tone.CHECK,
        sentence("A report could not be used: {bank}"),
        sentence("{Bank} sent a report {when} that can never be applied. It is kept with the case."),
        (
            sentence("Does the record of {door} match what is inside?"),
            sentence("Has the bank the right firmware? Then resolve the case."),
        ),
    ),
    K.SEQUENCE_GAP: CaseWords(
        Tone.CHECK,
        sentence("Reports are missing: {bank}"),
        sentence(
            "{Bank} numbers its reports, and some are missing, noticed {when}. It repeats what it still has by itself."
        ),
        (sentence("Is the gap still there in an hour? Compare what is inside with the record."), RESOLVE),
    ),
    K.SHORTAGE: CaseWords(
        Tone.CHECK,
        sentence("Too little room for what is due"),
        sentence(
            "More is due back soon than there are free places, counted {when}: somebody will stand before full doors."
        ),
        (
            sentence("Take out what nobody needs now, and have doors that are out of use repaired."),
            sentence("Or tell those whose loans are due of another locker that has room."),
            sentence("The case answers itself once there is room again."),
        ),
    ),
    K.LOW_CHARGE: CaseWords(
        Tone.CHECK,
        sentence("Charge low: {thing} in {door}"),
        sentence(
            "{Thing} lies in {door} with too little charge to be lent, noticed {when}. "
            "As far as is known it will not charge there by itself."
        ),
        (
            sentence("Move it to a charging door, or charge it and state its charge."),
            sentence("Has the door a charger? Then check plug and charger: it should have been full long ago."),
            sentence("The case answers itself once it is charged, or gone from there."),
        ),
    ),
    K.CLOCK_SKEW: CaseWords(
        Tone.CHECK,
        sentence("Clock is wrong: {bank}"),
        sentence(
            "The clock of {bank} is more than two minutes off, noticed {when}. "
            "Loans are not affected: the cloud's clock counts."
        ),
        (sentence("Check its network time."), RESOLVE),
    ),
    K.FAULT: CaseWords(
        Tone.CHECK,
        sentence("Fault reported: {thing}"),
        sentence("{Person} reported a fault of {thing} {when}."),
        (sentence("Look at it, and send it to repair if it must not be lent."), RESOLVE),
    ),
    K.CLAIMED_RETURNED: CaseWords(
        Tone.CHECK,
        sentence("Says it is back: {thing}"),
        sentence(
            "{Person} says that {thing} has been returned, {when}; no locker has seen it. "
            "Reminders to {person} pause for at most a week."
        ),
        (sentence("Look for it: in {door}, beside the locker, at the desk."), RESOLVE),
    ),
    K.DISPUTED: CaseWords(
        Tone.CHECK,
        sentence("Disputed: {thing}"),
        sentence(
            "{Person} says, {when}, that the loan of {thing} is wrong. It stays on record as theirs until somebody has "
            "looked into it. Reminders to {person} pause for at most a week."
        ),
        (
            sentence("Talk to {person} and look at the history of {thing}."),
            sentence("Resolve the case, with where {thing} really is."),
        ),
    ),
    K.LOST: CaseWords(
        Tone.ALARM,
        sentence("Given up as lost: {thing}"),
        sentence(
            "{Thing} is so late, {when}, that it counts as lost. It was lent to {person}, who can take nothing else "
            "until it is back or found."
        ),
        (
            sentence("Ask {person} once more."),
            sentence("It turns up? A return at any locker, or “found”, settles it."),
            RESOLVE,
        ),
    ),
    K.COUNTERSIGNATURE: CaseWords(
        Tone.CHECK,
        sentence("Not countersigned: {thing}"),
        sentence(
            "{Thing} came back to {door} {when}, and nobody countersigned it within a minute. It counts as returned."
        ),
        (sentence("Look at {thing} in {door}."), RESOLVE),
    ),
    K.TERMS_DECLINED: CaseWords(
        Tone.CHECK,
        sentence("Terms not accepted: {person}"),
        sentence("{Person} was shown terms at {bank} {when} and did not accept them. Nothing was lent."),
        (sentence("Ask {person} what stands in the way."), RESOLVE),
    ),
    **ALONE,
}
