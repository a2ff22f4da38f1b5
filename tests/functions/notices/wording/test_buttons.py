"""What may be pressed has a label in every language, and in a mail a link that leads to where it is confirmed."""

from dataclasses import replace

import pytest

from chalicelib.notices.wording import word
from chalicelib.notices.wording.buttons import LABELS
from tests.support.stories import DUE, about_a_loan
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.reactions import Reaction

MOST_OF_A_SLACK_BUTTON = 75  # Slack's


def link(reaction: Reaction) -> str:
    return f"https://api.example/v1/answers/{reaction}"


def test_every_reaction_has_a_label() -> None:
    assert set(LABELS) == set(Reaction)


@pytest.mark.parametrize("language", SPOKEN)
def test_labels_fit_on_buttons_and_no_two_are_alike(language: str) -> None:
    message = word(replace(about_a_loan(DUE, language=language), actions=tuple(Reaction)))
    labels = {button.label for button in message.buttons}
    assert len(labels) == len(Reaction)
    assert all(0 < len(label) <= MOST_OF_A_SLACK_BUTTON for label in labels)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_mail_has_every_button_in_both_halves(language: str) -> None:
    facts = replace(about_a_loan(DUE, language=language), actions=(Reaction.ACKNOWLEDGE, Reaction.EXTEND))
    message = word(facts, link)
    for button in message.buttons:
        assert f'href="{link(button.reaction)}"' in message.html
        assert f"> {button.label}\n  {link(button.reaction)}\n" in message.text
    assert "asks you to confirm" in word(replace(facts, language="en"), link).text


def test_without_links_a_mail_has_no_buttons_and_does_not_speak_of_any() -> None:
    message = word(replace(about_a_loan(DUE), actions=(Reaction.ACKNOWLEDGE,)))
    assert message.buttons[0].reaction is Reaction.ACKNOWLEDGE
    assert 'class="button"' not in message.html
    assert "confirm" not in message.text
