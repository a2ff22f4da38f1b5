"""How notices are said in the reader's language, by the clock of the site.

To add a sentence write it in English where it is said, `speech.say("{thing} is back.", thing=...)`, or mark it with
`sentence` or `counted` where it stands in a table; then `make words` puts it into `locale/*/LC_MESSAGES/notices.po`,
to be translated there, and `make words` again compiles them. `pytest tests/functions/notices/wording` says what is
missing or does not fit. A sentence is never put together from pieces, except from what names a place or a time.
"""

from chalicelib.notices.wording.speech.speaking import Speech

__all__ = ["Speech"]
