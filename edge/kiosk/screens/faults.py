"""Saying what is broken: what it is, what is wrong, how bad; with words and a photo if they like."""

from typing import Final, get_args

from edge.commands import Purpose
from edge.kiosk import acts
from edge.kiosk.facts import Facts
from edge.kiosk.screens.doors import drawing
from edge.kiosk.speaking import Speaker, sentence
from edge.kiosk.state import Draft, State
from edge.kiosk.view import Button, Card, Describing, View, sent

WRONG: Final = {
    "damaged": sentence("It is damaged"),
    "does_not_work": sentence("It does not work"),
    "incomplete": sentence("Something is missing"),
    "dirty": sentence("It is dirty or empty"),
    "lock": sentence("The door does not open or close"),
    "other": sentence("Something else"),
}
assert set(WRONG) == set(get_args(acts.Kind.__annotations__["what"]))


def view(state: State, draft: Draft, facts: Facts, speaker: Speaker) -> View:
    """Show the step that is next."""
    if not draft.has_subject:
        return _about(state, facts, speaker)
    door = draft.about_door
    subject = _thing(state, speaker) if door is None else speaker.say("Door {door}", door=door)
    return _wrong(draft, subject, speaker) if draft.what is None else _how_bad(subject, facts, speaker)


def _about(state: State, facts: Facts, speaker: Speaker) -> View:
    say = speaker.say
    thing = _thing(state, speaker)
    just_now = (Card(title=thing, icon="fault", act=sent(acts.About())),) if state.opened is not None else ()
    return View(
        screen="fault",
        language=speaker.language,
        at="about",
        title=say("What is broken?"),
        text=say("Touch the door it is about."),
        cards=just_now,
        drawing=drawing(facts, speaker, pickable=True),
        buttons=_buttons(speaker),
    )


def _wrong(draft: Draft, subject: str, speaker: Speaker) -> View:
    cards = tuple(
        Card(title=speaker.say(words), icon=f"fault_{what}", act={"act": "kind", "what": what})
        for what, words in WRONG.items()
        if what != "lock" or not draft.about_thing
    )
    return View(
        screen="fault_kind",
        language=speaker.language,
        at="kind",
        title=speaker.say("What is wrong with it?"),
        text=subject,
        cards=cards,
        buttons=_buttons(speaker),
    )


def _how_bad(subject: str, facts: Facts, speaker: Speaker) -> View:
    say = speaker.say
    return View(
        screen="fault_report",
        language=speaker.language,
        at="describe",
        title=say("How bad is it?"),
        text=subject,
        describing=Describing(
            minor=say("Still usable"),
            critical=say("Nobody should use it"),
            words=say("In your words, if you like"),
            photo=facts.photos,
        ),
        buttons=_buttons(speaker),
    )


def _thing(state: State, speaker: Speaker) -> str:
    if state.opened is not None and state.opened.purpose in {Purpose.RETURN, Purpose.DEPOSIT}:
        return speaker.say("What I put into door {door}", door=state.opened.door)
    door = None if state.opened is None else state.opened.door
    return speaker.say("What I took out of door {door}", door=door)


def _buttons(speaker: Speaker) -> tuple[Button, ...]:
    return (
        Button(label=speaker.say("Back"), act=sent(acts.Back())),
        Button(label=speaker.say("I am done"), act=sent(acts.Leave()), look="quiet"),
    )
