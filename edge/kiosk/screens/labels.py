"""The few words the page itself needs: of its keys, of its own clock, and for when the bank is not heard any more."""

from edge.kiosk.speaking import Speaker


def labels(speaker: Speaker) -> dict[str, str]:
    """Return them by name."""
    say = speaker.say
    return {
        "language": say("Language"),
        "delete": say("Delete"),
        "enter": say("Continue"),
        "up": say("Show earlier"),
        "down": say("Show more"),
        "due": say("Back by"),
        "seconds": say("seconds"),
        "still_there": say("Still there? Touch the screen."),
        "yes": say("Yes"),
        "no": say("No"),
        "required": say("needed"),
        "typed": say("Digits typed"),
        "photo": say("Take a photo"),
        "choose_photo": say("Choose a picture"),
        "another_photo": say("Another photo"),
        "shutter": say("Take it now"),
        "no_photo": say("Without a photo"),
        "photo_taken": say("The photo goes with your report."),
        "keyboard": say("Keyboard"),
        "space": say("Space"),
        "send": say("Send the report"),
        "cannot_have": say("Not possible right now"),
        "lost": say("This screen has lost touch with its bank."),
        "lost_more": say("The reader may still work: hold your badge to it. Otherwise try another bank."),
    }
