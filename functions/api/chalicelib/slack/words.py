"""What Slack's private answers and the app's home say, in the reader's language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.states import State
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import sentence
from toolcrib.send.words.reader import Reader

LOCALE: Final = Path(__file__).with_name("locale")

HELP: Final = (
    sentence("/toolcrib mine: what you have, and until when"),
    sentence("/toolcrib who drill: who has it"),
    sentence("/toolcrib where drill: where it is"),
    sentence("/toolcrib find drill: which ones are free, and in which locker"),
    sentence("/toolcrib late: what should have been back"),
)
NOT_FOR_YOU: Final = sentence("Only who looks after things may ask that. /toolcrib mine shows what you have yourself.")
WHICH: Final = sentence("Say which one: a part of its name, or its id.")
NOTHING: Final = sentence("Nothing of that name is here.")
NONE_LYING: Final = sentence("None of them is in a locker.")
YOU_HAVE_NOTHING: Final = sentence("You have nothing.")
NOTHING_LATE: Final = sentence("Nothing is late.")
NOTHING_MISSING: Final = sentence("Nothing is missing.")
NO_CASES: Final = sentence("Nothing waits for anybody.")
TAKE_SOMETHING: Final = sentence("Nothing. Tap your badge at a locker to take something.")

HAVE: Final = sentence("What you have")
LATE: Final = sentence("Late")
MISSING: Final = sentence("Missing")
CASES: Final = sentence("Open cases")
KEEP: Final = sentence("Keep it longer")

DUE: Final = sentence("due {when}")
WAS_DUE: Final = sentence("was due {when}")
SINCE: Final = sentence("since {when}")
DOOR: Final = sentence("{bank}, door {door}")
HAS: Final = sentence("{who} has it")
LAST_SEEN_WITH: Final = sentence("last seen with {who} ({state})")
NOBODY_HAS: Final = sentence("nobody has it ({state})")
NOBODY_HAS_AT: Final = sentence("nobody has it: {place} ({state})")

UNKNOWN: Final = sentence("This message is not from here, or too old.")
NOT_DONE: Final = sentence("That was not done. {why}")
WHY: Final[Mapping[str, str]] = {
    "not_found": sentence("What this message is about is not known here, or not to you."),
    "not_allowed": sentence("It is not for you to do. Ask a supervisor."),
    "not_offered": sentence("What the message says is over, or does not allow that. Look at it again."),
    "repair_outdated": sentence("The readers see it otherwise by now. Look at the case again in five minutes."),
    "conflict": sentence("Others changed it at the same moment. Press again."),
}
OTHERWISE: Final = sentence("What is on record does not allow it now. Look again in a minute, or ask a supervisor.")

STATES: Final[Mapping[State, str]] = {
    State.STORED: sentence("in store"),
    State.STOWED: sentence("in its locker"),
    State.ON_LOAN: sentence("on loan"),
    State.UNCONFIRMED: sentence("unconfirmed"),
    State.IN_REPAIR: sentence("in repair"),
    State.MISSING: sentence("missing"),
    State.LOST: sentence("lost"),
    State.RETIRED: sentence("retired"),
}
KINDS: Final[Mapping[CaseKind, str]] = {
    CaseKind.WRONG_ITEM: sentence("Another thing was taken"),
    CaseKind.UNKNOWN_TAG: sentence("Something unknown was put in"),
    CaseKind.UNEXPECTED_ITEM: sentence("A thing turned up where it should not be"),
    CaseKind.WEAK_EVIDENCE: sentence("A return has to be confirmed"),
    CaseKind.NOT_TAKEN: sentence("Somebody says they did not take it"),
    CaseKind.NOT_RETURNED: sentence("Somebody says they did not return it"),
    CaseKind.FORCED: sentence("A door was forced open"),
    CaseKind.LEFT_OPEN: sentence("A door was left open"),
    CaseKind.JAMMED: sentence("A door jams"),
    CaseKind.UNRESOLVED: sentence("A door's report never came"),
    CaseKind.LATE_REPORT: sentence("A report came late"),
    CaseKind.CONTRADICTION: sentence("A report contradicts the record"),
    CaseKind.REVOKED_BANK: sentence("A revoked locker reported"),
    CaseKind.REJECTED_REPORT: sentence("A report could not be used"),
    CaseKind.SILENT_BANK: sentence("A locker is silent"),
    CaseKind.SEQUENCE_GAP: sentence("Reports of a locker are missing"),
    CaseKind.CLOCK_SKEW: sentence("A locker's clock is wrong"),
    CaseKind.TAMPER: sentence("A locker was tampered with"),
    CaseKind.POWER: sentence("A locker lost its power"),
    CaseKind.UNKNOWN_BADGES: sentence("Many unknown badges"),
    CaseKind.BADGE_ELSEWHERE: sentence("A badge was used at two sites at once"),
    CaseKind.FAULT: sentence("A fault was reported"),
    CaseKind.CLAIMED_RETURNED: sentence("Somebody says it is back"),
    CaseKind.DISPUTED: sentence("A loan is disputed"),
    CaseKind.LOST: sentence("Declared lost"),
    CaseKind.MISPLACED: sentence("A thing is not where it should be"),
    CaseKind.TERMS_DECLINED: sentence("Terms were declined"),
    CaseKind.COUNTERSIGNATURE: sentence("A countersignature is missing"),
    CaseKind.SHORTAGE: sentence("Too few free doors for what is due"),
    CaseKind.DOUBLE_SEEN: sentence("A tag is seen in two places"),
    CaseKind.LOW_CHARGE: sentence("Low on charge where it does not charge"),
    CaseKind.OFFLINE_CONFLICT: sentence("Lent without a network, and the record disagrees"),
    CaseKind.OFFLINE_STRANGER: sentence("Used without a network by an unknown badge"),
    CaseKind.NOT_ENTITLED: sentence("Taken without a network, without a right to it"),
}


def say(form: str, how: Reader, **facts: object) -> str:
    """Return a sentence in its reader's language, filled with facts."""
    return catalogue(how.language, "slack", LOCALE).gettext(form).format_map(facts)
