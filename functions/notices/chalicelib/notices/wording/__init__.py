"""What a notice says: a pure function of facts, apart from sending, tested by reading it.

    facts (what is known)  →  a language's words (content in reading order)  →  Slack blocks, mail text, mail HTML

Another language is another package beside `english` with the same three functions, and a line in `LANGUAGES`.
"""

from collections.abc import Mapping

from chalicelib.notices.wording import english, mail, slack_blocks
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from chalicelib.notices.wording.words import Language, Words

LANGUAGES: Mapping[str, Language] = {"en": english.LANGUAGE}


def word(facts: Facts) -> Message:
    """Return the message for a notice's reader, in their language where we speak it, else in English."""
    language = LANGUAGES.get(facts.language, LANGUAGES["en"])
    words = _worded(language, facts)
    return Message(
        subject=words.headline,
        summary=slack_blocks.summary(words),
        blocks=slack_blocks.blocks(words),
        text=mail.text(words),
        html=mail.html(words, facts, language.code),
        tags=facts.tags,
    )


def _worded(language: Language, facts: Facts) -> Words:
    if facts.notice.person is not None:
        return language.person(facts)
    return language.loan(facts) if facts.loan is not None else language.case(facts)
