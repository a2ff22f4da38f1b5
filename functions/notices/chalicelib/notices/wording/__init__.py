"""What a notice says: a pure function of facts, apart from sending, tested by reading it.

    facts (what is known)  →  words (content in reading order, `about/`, said by `speech/`)  →  Slack blocks, mail

Another language is another catalogue in `locale/`, and its name in `toolcrib.domain.languages`.
"""

from chalicelib.notices.wording import mail, slack_blocks
from chalicelib.notices.wording.about.cases import case_words
from chalicelib.notices.wording.about.loans import loan_words
from chalicelib.notices.wording.about.people import person_words
from chalicelib.notices.wording.about.requests import request_words
from chalicelib.notices.wording.about.summaries import summary_words
from chalicelib.notices.wording.buttons import Link, buttons, done
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from chalicelib.notices.wording.words import Words


def word(facts: Facts, link: Link | None = None, unsubscribe: str = "") -> Message:
    """Return the message for a notice's reader, in their language where we speak it, else in English.

    `link` signs where a mail's buttons lead; without it a mail has none. `unsubscribe` is where a digest is ended.
    """
    words, pressable = worded(facts), buttons(facts, link)
    return Message(
        subject=words.headline,
        summary=slack_blocks.summary(words),
        blocks=slack_blocks.blocks(words, pressable, value=f"{facts.org}/{facts.notice.id}", done=done(facts)),
        text=mail.text(words, facts, pressable, unsubscribe),
        html=mail.html(words, facts, pressable, unsubscribe),
        buttons=pressable,
        unsubscribe=unsubscribe,
        tags=facts.tags,
    )


def worded(facts: Facts) -> Words:
    """Return what a notice says, for any channel."""
    if facts.summary is not None:
        return summary_words(facts, facts.summary, tuple(worded(line).headline for line in facts.lines))
    if facts.request is not None:
        return request_words(facts, facts.request)
    if facts.notice.person is not None:
        return person_words(facts)
    return loan_words(facts) if facts.loan is not None else case_words(facts)
