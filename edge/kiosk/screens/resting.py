"""Screens without anybody's name on them: idle, working, offline, out of service."""

from edge.display import CATCHING_UP
from edge.doors import Phase
from edge.kiosk import acts
from edge.kiosk.facts import Facts
from edge.kiosk.screens import doors, own
from edge.kiosk.speaking import Speaker
from edge.kiosk.view import Button, View, sent


def idle(facts: Facts, speaker: Speaker) -> View:
    """Wait for a badge; a door that stands open is asked for first."""
    say = speaker.say
    ajar = next((number for number, door in facts.doors.items() if door.phase is Phase.OPEN), None)
    if ajar is not None:
        return doors.left_open(ajar, facts, speaker)
    if facts.offline and not facts.lends:
        return _cut_off(facts, speaker)
    return View(
        screen="idle",
        language=speaker.language,
        icon="badge",
        title=say("Hold your badge to the reader"),
        text=say("Take something, or bring it back."),
        buttons=(Button(label=say("Something is broken"), act=sent(acts.Fault()), look="quiet"),),
        drawing=doors.drawing(facts, speaker),
    )


def _cut_off(facts: Facts, speaker: Speaker) -> View:
    """Say that nobody can decide anything: no cloud, and no roster either."""
    say = speaker.say
    if facts.connected:
        back = own.OWN[CATCHING_UP]
        title, text = say(back.title), say(back.text)
    else:
        title = say("No connection right now")
        text = say("This bank cannot reach the network. Please try again in a minute, or use another bank.")
    return View(
        screen="offline",
        language=speaker.language,
        tone="warn",
        icon="offline",
        title=title,
        text=text,
        drawing=doors.drawing(facts, speaker),
    )


def working(speaker: Speaker) -> View:
    """Wait for the cloud."""
    return View(
        screen="working",
        language=speaker.language,
        icon="working",
        title=speaker.say("One moment"),
        text=speaker.say("Your badge was read."),
    )


def out_of_service(speaker: Speaker) -> View:
    """Say that nothing can be had here."""
    return View(
        screen="out_of_service",
        language=speaker.language,
        tone="stop",
        icon="closed",
        title=speaker.say("Out of service"),
        text=speaker.say("This bank cannot open its doors now. Please use another one; facilities can help."),
    )


def banner(facts: Facts, speaker: Speaker) -> str:
    """Return the line that says that the bank goes on by itself."""
    if not facts.offline or not facts.lends:
        return ""
    if facts.connected:
        return speaker.say("The connection is back. This bank is still telling what was done without it.")
    return speaker.say("Offline: returns are always taken, and what this bank may lend by itself.")
