"""What the pages say, in the reader's language: what a press will do, what it did, and why it cannot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from chalicelib.answers.standing import State
from toolcrib.domain.reactions import Reaction
from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import sentence

LOCALE: Final = Path(__file__).with_name("locale")

WILL: Final[Mapping[Reaction, str]] = {
    Reaction.ACKNOWLEDGE: sentence("You say that you see to it. Reminders about it stop for 24 hours at most."),
    Reaction.SNOOZE_HOUR: sentence("You are reminded again in an hour. Until then nothing more comes about it."),
    Reaction.SNOOZE_SHIFT: sentence(
        "You are reminded again at the end of the shift. Until then nothing more comes about it."
    ),
    Reaction.SNOOZE_TOMORROW: sentence("You are reminded again tomorrow. Until then nothing more comes about it."),
    Reaction.EXTEND: sentence("The loan is extended by its usual time, if nobody else waits for it."),
    Reaction.REMIND: sentence("Whoever has it gets a reminder now."),
    Reaction.LOST: sentence("It is declared lost. Its holder can take nothing else until it is back or found."),
    Reaction.CASE: sentence(
        "A case is opened, and a supervisor looks into it. Reminders to the holder pause for at most a week."
    ),
    Reaction.QUARANTINE: sentence(
        "The door is taken out of use: nothing more is lent from it until somebody has looked."
    ),
    Reaction.REPAIR: sentence(
        "The record is changed as the message proposes, if the readers still see it so, and the case is resolved."
    ),
    Reaction.APPROVE: sentence("You agree that it may be taken. It counts at the next tap."),
    Reaction.REFUSE: sentence("You refuse that it is taken."),
}
DID: Final[Mapping[Reaction, str]] = {
    Reaction.ACKNOWLEDGE: sentence("Noted: you see to it. Reminders about it pause until {until}."),
    Reaction.SNOOZE_HOUR: sentence("You are reminded again: {until}."),
    Reaction.SNOOZE_SHIFT: sentence("You are reminded again: {until}."),
    Reaction.SNOOZE_TOMORROW: sentence("You are reminded again: {until}."),
    Reaction.EXTEND: sentence("The loan is extended. It is now due: {due}."),
    Reaction.REMIND: sentence("The reminder is on its way."),
    Reaction.LOST: sentence("It is declared lost."),
    Reaction.CASE: sentence("The case is open. A supervisor looks into it."),
    Reaction.QUARANTINE: sentence("The door is out of use."),
    Reaction.REPAIR: sentence("The record is mended, and the case resolved."),
    Reaction.APPROVE: sentence("You have agreed. It counts at the next tap."),
    Reaction.REFUSE: sentence("You have refused."),
}
PRESS: Final[Mapping[Reaction, str]] = {
    Reaction.ACKNOWLEDGE: sentence("Yes, I see to it"),
    Reaction.SNOOZE_HOUR: sentence("Yes, remind me again in an hour"),
    Reaction.SNOOZE_SHIFT: sentence("Yes, remind me again at the end of the shift"),
    Reaction.SNOOZE_TOMORROW: sentence("Yes, remind me again tomorrow"),
    Reaction.EXTEND: sentence("Yes, extend the loan"),
    Reaction.REMIND: sentence("Yes, send the reminder"),
    Reaction.LOST: sentence("Yes, declare it lost"),
    Reaction.CASE: sentence("Yes, open a case"),
    Reaction.QUARANTINE: sentence("Yes, take the door out of use"),
    Reaction.REPAIR: sentence("Yes, do as proposed"),
    Reaction.APPROVE: sentence("Yes, I agree"),
    Reaction.REFUSE: sentence("Yes, I refuse"),
}
HEADLINES: Final[Mapping[State, str]] = {
    State.READY: sentence("Please confirm"),
    State.DONE: sentence("Done"),
    State.UNKNOWN: sentence("This link is not one of ours"),
    State.EXPIRED: sentence("This link is too old"),
    State.USED: sentence("This was done already"),
    State.OVER: sentence("This is no longer needed"),
    State.NOT_ALLOWED: sentence("This is not for you, or not any more"),
    State.FAILED: sentence("This could not be done"),
}
WHY: Final[Mapping[State, str]] = {
    State.UNKNOWN: sentence("Was it cut off? Open it again from the mail. Nothing has happened."),
    State.EXPIRED: sentence("Links in mails are good for a week. Nothing has happened; a newer mail has a newer link."),
    State.USED: sentence("Each link counts once. Nothing more has happened now."),
    State.OVER: sentence("What the mail told is over or has changed since. Nothing has happened."),
    State.NOT_ALLOWED: sentence("What you may do has changed since the mail was sent. Ask a supervisor."),
    State.FAILED: sentence("What is on record does not allow it now. Look again in a minute, or ask a supervisor."),
}
CHANGES_NOTHING: Final = sentence("Nothing happens until you press the button. You can also just close this page.")
CLOSE: Final = sentence("You can close this page.")


def say(form: str, language: str, **facts: str) -> str:
    """Return a sentence in a language, filled with facts."""
    return catalogue(language, "answers", LOCALE).gettext(form).format_map(facts)
