"""What the bank says by itself, in the screen's words: a heading and what to do; with a connection and without."""

from dataclasses import dataclass, field
from typing import Final

from edge import display
from edge.display import Message, NoRoom
from edge.kiosk.acting import TOLD
from edge.kiosk.speaking import Speaker, sentence
from edge.messages import Option, Refusal, Session
from edge.offline.dealings import LOCAL

AGAIN: Final = sentence("Please hold your badge there again.")
RETURNS_ONLY: Final = sentence("Returns only for now")


@dataclass(frozen=True, kw_only=True)
class Own:
    """One message: which screen and sign it is, its heading, what to do, and what is filled in there."""

    screen: str
    icon: str
    title: str
    text: str
    facts: dict[str, str] = field(default_factory=dict)


def _again(title: str, text: str = AGAIN) -> Own:
    return Own(screen="refused", icon="again", title=title, text=text)


def _no(title: str, text: str) -> Own:
    return Own(screen="refused", icon="no", title=title, text=text)


def _offline(title: str, text: str) -> Own:
    return Own(screen="offline", icon="offline", title=title, text=text)


def _thanks(text: str) -> Own:
    return Own(screen="thanks", icon="good", title=sentence("Thank you"), text=text)


OWN: Final = {
    display.OFFLINE: _offline(sentence("No connection"), sentence("Please try again in a minute.")),
    display.UNREADABLE: _again(sentence("That badge could not be read"), sentence("Please hold it there again.")),
    display.NO_ANSWER: _again(sentence("No answer came")),
    display.TOO_LATE: _again(sentence("The answer came too late")),
    display.SESSION_OVER: _again(sentence("That took too long")),
    display.DOOR_JAMMED: Own(
        screen="jammed",
        icon="jammed",
        title=sentence("The door is stuck"),
        text=sentence("Your supervisor is told. Hold your badge there again for another door."),
    ),
    display.NOT_OPENED: _again(
        sentence("The door stayed closed"), sentence("Hold your badge there again if you need it.")
    ),
    display.DOOR_STUCK_OPEN: Own(
        screen="left_open",
        icon="again",
        title=sentence("That door stands open"),
        text=sentence("Please close it, then hold your badge there again."),
    ),
    display.DONE: _thanks(sentence("The door is closed.")),
    TOLD: _thanks(sentence("Your report is on its way.")),
    display.CATCHING_UP: _offline(
        sentence("The connection is just back"),
        sentence("This bank is still telling what was done without it. Please try again in a few minutes."),
    ),
    display.TAP_AGAIN: _again(sentence("The connection came or went")),
    display.OFFLINE_UNKNOWN_BADGE: _no(
        sentence("This badge is not known here"),
        sentence("There is no connection to ask. Please use another bank, or ask your supervisor."),
    ),
    display.OFFLINE_NO_TIME: _offline(
        RETURNS_ONLY,
        sentence("There was no connection since this bank was switched on. It lends nothing until there is one."),
    ),
    display.OFFLINE_ROSTER_OVER: _offline(
        RETURNS_ONLY,
        sentence("There has been no connection for too long. This bank lends nothing until there is one again."),
    ),
    display.OFFLINE_FULL: _offline(
        RETURNS_ONLY,
        sentence("This bank was without a connection for too long. It lends nothing until it has told what was done."),
    ),
    display.OFFLINE_NO_ACCESS: _no(
        sentence("Nothing here for you to take"),
        sentence("Without a connection this bank may lend you nothing. Please come back when it has one."),
    ),
    display.OFFLINE_NOT_NOW: _no(
        sentence("Not at this time"), sentence("Without a connection you may not take anything here at this time.")
    ),
    display.OFFLINE_ENOUGH: _no(
        sentence("You cannot take more now"),
        sentence("Without a connection no more can be lent to you. Please wait for it, or use another bank."),
    ),
    display.OFFLINE_NOTHING: _no(
        sentence("Nothing can be lent to you now"),
        sentence("Without a connection nothing here can be lent to you. Please use another bank, or come back."),
    ),
    display.OFFLINE_CHOOSE: _no(
        sentence("There are several things for you"), sentence("Please use a bank with a screen, or come back.")
    ),
    display.OFFLINE_GONE: _again(sentence("That is not possible any more")),
}
ALONE: Final = {(each.code, each.text): each for each in display.WHILE_ALONE}
DO: Final = {"take": sentence("Take {thing}"), "return": sentence("Return {thing}")}


def worded(message: Message) -> Own | None:
    """Return the screen's words for what the bank said, None where the cloud said it."""
    if not isinstance(message, NoRoom):
        return OWN.get(message)
    title = sentence("No door is free")
    if not message.thing:
        return _no(title, sentence("Please use another bank, or come back: you are not late for it."))
    text = sentence("No door is free for {thing}. Please use another bank, or come back: you are not late for it.")
    return Own(screen="refused", icon="no", title=title, text=text, facts={"thing": message.thing})


def is_its_own(session: Session) -> bool:
    """Whether the bank made a session by itself: then its words are the screen's, not the cloud's."""
    return session.session.startswith(LOCAL)


def option_title(option: Option, speaker: Speaker) -> str:
    """Say what picking an option of the bank's own does."""
    return speaker.say(DO[option.kind], thing=option.title) if option.title and option.kind in DO else option.title


def refusal(refused: Refusal, speaker: Speaker) -> tuple[str, str]:
    """Return what a refusal of the bank's own is about, and why."""
    said = display.offline_no_room(refused.title)
    message = said if said.code == refused.code else ALONE.get((refused.code, refused.text))
    words = None if message is None else worded(message)
    if words is None:
        return refused.title, refused.text
    return refused.title or speaker.say(words.title), speaker.say(words.text, **words.facts)
