"""Titles of what can be chosen on a screen, `title.{kind}`, and remarks about it: which unit, and what to know."""

from collections.abc import Mapping
from typing import Final

from toolcrib.send.words.marks import Forms, counted, sentence

WORDS: Final[Mapping[str, Forms]] = {
    "title.take": sentence("Take {thing}"),
    "title.return": sentence("Return {thing}"),
    "title.not_taken": sentence("I did not take {thing}"),
    "title.not_returned": sentence("I did not return {thing}"),
    "title.renew": sentence("Keep {thing} longer"),
    "title.handover": sentence("Hand over {thing}"),
    "title.fault": sentence("Report a fault: {thing}"),
    "unit.only": sentence("{thing}."),
    "unit.charge": sentence("{thing}, the one with the fullest battery."),
    "unit.rested": sentence("{thing}, the one that was not used for longest."),
    "unit.door": sentence("{thing}, the one in the lowest door."),
    "unit.part": sentence("{thing}:"),
    "faulty.minor": sentence("Somebody reported a minor fault: please have a look at it first."),
    "service_due.warn": sentence("It is due for service: please tell your supervisor if anything seems wrong."),
    "not_shown": counted(
        "{count} more thing does not fit on this screen.",
        "{count} more things do not fit on this screen.",
        by="count",
    ),
}
