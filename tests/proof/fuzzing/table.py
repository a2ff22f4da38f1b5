"""Every parser, by name."""

from collections.abc import Mapping
from typing import Final

from tests.proof.fuzzing import cloud, controller, functions, slack
from tests.proof.fuzzing.parser import Parser

PARSERS: Final[Mapping[str, Parser]] = {
    parser.name: parser for parser in (*cloud.PARSERS, *controller.PARSERS, *functions.PARSERS, *slack.PARSERS)
}
