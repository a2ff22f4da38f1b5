"""The notices function's own modules, from where Chalice puts them."""

import sys

from infra.cli.paths import ROOT

sys.path.append(str(ROOT / "functions" / "notices"))

from chalicelib.notices.wording import word
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message

__all__ = ["Facts", "Message", "word"]
