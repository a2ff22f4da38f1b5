"""The words of the kinds of case that tell what a tag reader saw."""

from collections.abc import Mapping

from chalicelib.notices.wording.about.case_form import RESOLVE, CaseWords
from chalicelib.notices.wording.words import Tone
from toolcrib.domain.cases import CaseKind as K
from toolcrib.send.words.marks import sentence

OF_TAGS: Mapping[K, CaseWords] = {
    K.UNKNOWN_TAG: CaseWords(
        Tone.CHECK,
        sentence("Unknown tag: {door}"),
        sentence("Something with a tag that is not on record was put into {door} {when}."),
        (sentence("Look what it is. Register the tag with its asset, or take the thing out."), RESOLVE),
    ),
    K.UNEXPECTED_ITEM: CaseWords(
        Tone.CHECK,
        sentence("Seen where it should not be: {thing}"),
        sentence(
            "{Thing} was seen in {door} {when}, but the record has it elsewhere. "
            "It is unconfirmed until somebody has looked."
        ),
        (sentence("Look into {door}: is it really there?"), RESOLVE),
    ),
    K.MISPLACED: CaseWords(
        Tone.CHECK,
        sentence("Not where it should be: {thing}"),
        sentence(
            "{Thing} should be in {door} and was not seen there any more {when}. It is unconfirmed until it is found."
        ),
        (
            sentence("Look into {door}: is it really gone? Its tag may only be hidden."),
            sentence("The case answers itself when its tag is seen again."),
            RESOLVE,
        ),
    ),
    K.DOUBLE_SEEN: CaseWords(
        Tone.CHECK,
        sentence("Seen in two places: {thing}"),
        sentence(
            "The tag of {thing} is seen in {door} and in another place at once, noticed {when}. "
            "One of the readers is wrong, or somebody has copied the tag."
        ),
        (
            sentence("Look into both: where is it really?"),
            sentence("Does a reader see through the wall into the next door? Turn down its power."),
            RESOLVE,
        ),
    ),
}
