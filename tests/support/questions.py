"""A drill about which a screen asks: whether it is intact, how its cable is, and what else there is to say."""

from tests.support.workplace import DRILL
from toolcrib.domain.questions import Choosable, FaultIf, Question, QuestionKind, When
from toolcrib.domain.record import replace

GUARD = Question(
    id="guard",
    kind=QuestionKind.YES_NO,
    text={"en": "Is the guard in place?", "de": "Ist der Schutz dran?"},
    required=True,
    fault_if=FaultIf(critical=(False,)),
)
CABLE = Question(
    id="cable",
    kind=QuestionKind.CHOICE,
    text={"en": "How is the cable?"},
    choices=(Choosable(id="good", text={"en": "good", "de": "gut"}), Choosable(id="worn", text={"en": "worn"})),
    fault_if=FaultIf(minor=("worn",)),
)
REMARK = Question(id="remark", kind=QuestionKind.TEXT, text={"en": "Anything else?"}, when=When.RETURN)
ASKED = replace(DRILL, questions=(GUARD, CABLE, REMARK))
"""The type of drills with these questions."""
WELL = {"guard": True, "cable": "good"}
"""Answers that mean no fault."""
