"""The words of cases about what a bank did while it had no network."""

from collections.abc import Mapping

from chalicelib.notices.wording.about.case_form import RESOLVE, CaseWords
from chalicelib.notices.wording.words import Tone
from toolcrib.domain.cases import CaseKind as K
from toolcrib.send.words.marks import sentence

ALONE: Mapping[K, CaseWords] = {
    K.OFFLINE_CONFLICT: CaseWords(
        Tone.CHECK,
        sentence("Lent without a network, and the record disagrees: {thing}"),
        sentence(
            "{Bank} had no network and says that {person} used {door} {when}. That does not fit the record of {thing}. "
            "Both claims are kept; it is unconfirmed until somebody has looked."
        ),
        (sentence("Look into {door}, and ask {person}."), RESOLVE),
    ),
    K.OFFLINE_STRANGER: CaseWords(
        Tone.CHECK,
        sentence("Used without a network by an unknown badge: {door}"),
        sentence(
            "{Bank} had no network and opened {door} {when} for a badge that belongs to nobody on record. "
            "What was taken or brought back is unconfirmed."
        ),
        (
            sentence("Look into {door}: is {thing} inside?"),
            sentence("Whose badge may it have been? It may have been registered anew since."),
            RESOLVE,
        ),
    ),
    K.NOT_ENTITLED: CaseWords(
        Tone.CHECK,
        sentence("Taken without a network, without a right to it: {thing}"),
        sentence(
            "{Person} took {thing} from {door} {when} while {bank} had no network. By what is known now they were not "
            "allowed to. The loan is on record as it happened."
        ),
        (
            sentence("Ask {person} to bring {thing} back, or give them the right to it."),
            RESOLVE,
        ),
    ),
}
