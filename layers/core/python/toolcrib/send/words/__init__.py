"""Everything a bank says, in the language of whoever stands there.

To add a sentence:

1. Give it a key (a refuse code, what a finding `says`, a notice's code) and its English words in a table in `tables/`,
   marked with `sentence`, or with `counted` where a number decides the form. `{names}` are the facts that fill it.
2. Where a fact may be missing, give a tuple of forms, the fullest first; a refusal's last form needs no facts at all.
3. `make words` puts it into every `locale/*/LC_MESSAGES/toolcrib.po`: fill in the four `msgstr`.
4. `make words` again compiles them; `pytest tests/toolcrib/send/words` says what is missing or does not fit.
5. Conflicts in a .po: keep both sides' entries and run `make words`, which sorts them. The .mo are never committed.
"""
