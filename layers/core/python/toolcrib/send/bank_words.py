"""What a bank says to whoever stands there: pure functions from facts to short, plain sentences."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from toolcrib.domain.refusals import Refusal
from toolcrib.wire.downs import NoticeDown

WORDS: Mapping[str, str] = {
    "taken": "{thing} is yours until {due}.",
    "not_taken": "{thing} is still in its door, so nothing was lent. Tap again to take it.",
    "wrong_item": "Something else left this door. Please put it back, or tell your supervisor.",
    "returned": "{thing} is back. Thank you.",
    "not_returned": "Nothing was put in. {thing} is still on loan to you. Tap again to return it.",
    "other_returned": "Thank you: something else came back. {thing} is still on loan to you.",
    "unknown_tag": "What was put in is not known here. {thing} is still on loan to you; your supervisor is told.",
    "return_unconfirmed": "Thank you. {thing} will be checked by a person; you are not reminded meanwhile.",
    "not_opened": "Door {door} was not opened. Tap again when you are ready.",
    "jammed": "Door {door} is stuck. Please tap again for another one; facilities are told.",
    "left_open": "Please close door {door}.",
    "badge_unknown": "This badge is not known here. Ask your supervisor to register it.",
    "badge_revoked": "This badge is no longer valid. Use your present badge, or ask your supervisor.",
    "nothing_available": "There is nothing here for you right now.",
    "door_busy": "Somebody is being served at this door. Please try again in a minute.",
    "choose_at_kiosk": "Several things are on offer. Please choose at a bank with a screen.",
    "session_expired": "That took too long. Please tap again.",
    "not_here": "No free door here fits {thing}. {elsewhere}",
    "renewed": "{thing} is yours until {due}. Bring it back by then, or renew it again if you may.",
    "disowned": "Noted: you did not take {thing}. It will be checked by a person.",
    "not_put_in": "Noted: you did not return {thing}. Tap again for another door.",
    "bank_revoked": "This bank is out of service.",
    "unit.only": "{thing}.",
    "unit.charge": "{thing}, the one with the fullest battery.",
    "unit.rested": "{thing}, the one that was not used for longest.",
    "unit.door": "{thing}, the one in the lowest door.",
    "faulty.minor": "Somebody reported a minor fault: please have a look at it first.",
    "service_due.warn": "It is due for service: please tell your supervisor if anything seems wrong.",
    "service": "Something went wrong on our side. Please tap again.",
}


def words(code: str, facts: Mapping[str, str], *, time_zone: str = "UTC") -> str:
    """Return the sentence for a code; a due time among the facts is told in the site's local time."""
    told = dict(facts)
    if "due_at" in facts:
        local = datetime.fromisoformat(facts["due_at"]).astimezone(ZoneInfo(time_zone))
        told["due"] = local.strftime("%a %-d %b, %H:%M")
    return WORDS[code].format_map(told)


def refusal_words(refusal: Refusal) -> str:
    """Return why not, and what to do."""
    reason = refusal.detail[:1].upper() + refusal.detail[1:]
    return f"{reason}. {refusal.advice}".strip() if reason else refusal.advice


def notice(re: str | None, level: str, code: str, facts: Mapping[str, str], *, time_zone: str = "UTC") -> NoticeDown:
    """Return the message a bank shows."""
    return NoticeDown(re=re, level=level, code=code, text=words(code, facts, time_zone=time_zone))
