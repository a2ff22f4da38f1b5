"""What a door has come to, told to whoever stands at it."""

from collections.abc import Mapping
from typing import Final

from toolcrib.send.words.marks import Forms, sentence

WORDS: Final[Mapping[str, Forms]] = {
    "taken": sentence("{thing} is yours until {due}."),
    "not_taken": sentence("{thing} is still in its door, so nothing was lent. Tap again to take it."),
    "kit_partly_taken": sentence(
        "{thing} is yours until {due}, without what you left in the door: {parts}. Tap again to take that as well."
    ),
    "wrong_item": sentence("Something else left this door. Please put it back, or tell your supervisor."),
    "returned": sentence("{thing} is back. Thank you."),
    "kit_partly_returned": sentence(
        "Thank you. Of {thing} this is still on loan to you: {parts}. Tap again to return it."
    ),
    "not_returned": sentence("Nothing was put in. {thing} is still on loan to you. Tap again to return it."),
    "other_returned": sentence("Thank you: something else came back. {thing} is still on loan to you."),
    "unknown_tag": sentence(
        "What was put in is not known here. {thing} is still on loan to you; your supervisor is told."
    ),
    "return_unconfirmed": sentence("Thank you. {thing} will be checked by a person; you are not reminded meanwhile."),
    "not_opened": sentence("Door {door} was not opened. Tap again when you are ready."),
    "jammed": sentence("Door {door} is stuck. Please tap again for another one; facilities are told."),
    "photo_wanted": sentence("Thank you for telling us. The photo you take now goes with your report."),
    "left_open": sentence("Please close door {door}."),
}
