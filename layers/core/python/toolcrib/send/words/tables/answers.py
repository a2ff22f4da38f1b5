"""Answers to a tap or a choice that are no rule's refusal (design.md, *Modes of a bank*)."""

from collections.abc import Mapping
from typing import Final

from toolcrib.send.words.marks import Forms, sentence

WORDS: Final[Mapping[str, Forms]] = {
    "nothing_available": sentence("There is nothing here for you right now."),
    "door_busy": sentence("Somebody is being served at this door. Please try again in a minute."),
    "choose_at_kiosk": sentence("Several things are on offer. Please choose at a locker with a screen."),
    "session_expired": sentence("That took too long. Please tap again."),
    "not_here": (
        sentence("No free door here fits {thing}. {bank} has a free door."),
        sentence("No free door here fits {thing}. Please use another locker."),
    ),
    "not_here.nowhere": sentence(
        "No free door here fits {thing}. Ask your supervisor where to leave it; being late is not your fault now."
    ),
    "disowned": sentence("Noted: you did not take {thing}. It will be checked by a person."),
    "not_put_in": sentence("Noted: you did not return {thing}. Tap again for another door."),
    "bank_revoked": sentence("This locker is out of service."),
    "renewed": sentence("Renewed: {thing} is yours until {due}."),
    "countersigned": sentence("Thank you: you have countersigned the return."),
    "handed_over": sentence("{thing} has been handed over."),
}
