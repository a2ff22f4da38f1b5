"""Why a rule refuses, and what the person can do next: a sentence or two for every refuse code of rules.md.

Keys are the codes, and what a finding `says` where a code has several reasons. Nobody but the reader is spoken of.
"""

from collections.abc import Mapping
from typing import Final

from toolcrib.send.words.marks import Forms, counted, sentence

WORDS: Final[Mapping[str, Forms]] = {
    "person_frozen": sentence("You cannot take anything: your account is switched off. Please ask your supervisor."),
    "person_not_yet_valid": (
        sentence("You can take things from {from} on. Come back then, or ask your supervisor."),
        sentence("Your time here has not begun yet. Come back when it has, or ask your supervisor."),
    ),
    "person_expired": (
        sentence("Your time here ended on {until}. Ask your supervisor to extend it."),
        sentence("Your time here is over. Ask your supervisor to extend it."),
    ),
    "badge_unknown": sentence("This badge is not known here. Ask your supervisor to register it."),
    "badge_revoked": sentence("This badge is no longer valid. Use your present badge, or ask your supervisor."),
    "badge_elsewhere": (
        sentence(
            "This badge took something at {site} just now, too far away. Wait a few minutes and tap again; "
            "tell your supervisor if that was not you."
        ),
        sentence(
            "This badge took something somewhere else just now. Wait a few minutes and tap again; "
            "tell your supervisor if that was not you."
        ),
    ),
    "blocked": sentence("You can take nothing for now, only return. Ask your supervisor why."),
    "blocked.overdue": (
        sentence("{thing} is overdue. Bring it back first, then you can take things again."),
        sentence("Something you have is overdue. Bring it back first, then you can take things again."),
    ),
    "blocked.repeatedly_late": (
        sentence(
            "You were late too often and can take nothing until {until}. You can still return things. "
            "Ask your supervisor if you need more."
        ),
        sentence(
            "You were late too often and can take nothing for now. You can still return things. "
            "Ask your supervisor if you need more."
        ),
    ),
    "blocked.lost": (
        sentence("{thing} got lost while you had it. Bring it back or talk to your supervisor to take things again."),
        sentence("A thing got lost while you had it. Bring it back or talk to your supervisor to take things again."),
    ),
    "blocked.manual": (
        sentence("You can take nothing until {until}. Ask your supervisor. The reason given: {reason}"),
        sentence("You can take nothing until {until}. Ask your supervisor why."),
        sentence("You can take nothing for now. Ask your supervisor. The reason given: {reason}"),
        sentence("You can take nothing for now. Ask your supervisor about the reason."),
    ),
    "blocked.manual_open": sentence("You can take nothing until your supervisor lifts the block. Please ask them."),
    "no_access": (
        sentence("You may not take {thing} here. Ask your supervisor to give you access."),
        sentence("You may not take this here. Ask your supervisor to give you access."),
    ),
    "certification_missing": (
        sentence("To take {thing} you need this certification: {certification}. Ask your supervisor about training."),
        sentence("To take this you need a certification that you do not have. Ask your supervisor about training."),
    ),
    "certification_expired": (
        sentence("Your certification {certification} ended on {since}. Renew it, or ask your supervisor."),
        sentence("Your certification for this has ended. Renew it, or ask your supervisor."),
    ),
    "outside_schedule": (
        sentence("This cannot be taken at this time of day. Come back from {next} on."),
        sentence("This cannot be taken at this time. Ask your supervisor when it can."),
    ),
    "outside_schedule.never": sentence("This is not lent at any time in the near future. Ask your supervisor."),
    "kit_incomplete": (
        sentence("{thing} is not complete and stays here. Missing: {parts}. Ask your supervisor."),
        sentence("Something is missing of this kit, so it stays here. Ask your supervisor."),
    ),
    "faulty": (
        sentence("{thing} has a fault and stays here until it is repaired. Ask your supervisor for another one."),
        sentence("It has a fault and stays here until it is repaired. Ask your supervisor for another one."),
    ),
    "service_due": (
        sentence("{thing} is due for service since {since} and stays here. Ask your supervisor for another one."),
        sentence("{thing} is due for service and stays here until that is done. Ask your supervisor for another one."),
        sentence("It is due for service and stays here until that is done. Ask your supervisor for another one."),
    ),
    "charge_low": (
        sentence("{thing} is charged to {percent}% and needs {least}% to leave. Come back when it has charged."),
        sentence("Its charge is too low to leave. Come back when it has charged."),
    ),
    "pair_conflict": sentence(
        "This cannot leave together with something else that is out. Ask your supervisor which one is needed."
    ),
    "pair_conflict.exclusive": (
        sentence("You have {other}, and nobody may have {thing} as well. Bring {other} back first."),
        sentence("It cannot be taken together with something you have. Bring that back first."),
    ),
    "pair_conflict.lockout": (
        sentence("{thing} cannot leave while {other} is out. Come back when {other} is in its door again."),
        sentence("It cannot leave while something else is out. Come back later, or ask your supervisor."),
    ),
    "allowance_reached": sentence("You have as many things as you may. Return one first, or ask your supervisor."),
    "allowance_reached.type": (
        sentence("{thing}: you have {count}, at most {most} at a time. Return one first, or ask your supervisor."),
        sentence("You have as many of these as you may. Return one first, or ask your supervisor."),
    ),
    "allowance_reached.category": (
        counted(
            "You have {count} thing of this kind, at most {most} at a time. Return one first, or ask your supervisor.",
            "You have {count} things of this kind, at most {most} at a time. Return one first, or ask your supervisor.",
            by="count",
        ),
        sentence("You have as many things of this kind as you may. Return one first, or ask your supervisor."),
    ),
    "allowance_reached.total": (
        counted(
            "You have {count} thing, at most {most} at a time. Return one first, or ask your supervisor.",
            "You have {count} things, at most {most} at a time. Return one first, or ask your supervisor.",
            by="count",
        ),
        sentence("You have as many things as you may at a time. Return one first, or ask your supervisor."),
    ),
    "allowance_reached.grant": (
        sentence("Your group lets each person have at most {most} of these, and you have {count}. Return one first."),
        sentence("You have as many of these as your group may have. Return one first, or ask your supervisor."),
    ),
    "allowance_reached.none": (
        sentence("{thing} is not lent to you at the moment: you may have none. Ask your supervisor."),
        sentence("This is not lent to you at the moment: you may have none. Ask your supervisor."),
    ),
    "reserved": sentence("It is booked by somebody else for this time. Choose another one, or come back later."),
    "held_for_other": sentence("It waits here for somebody else. Choose another one, or ask to be put on the list."),
    "pin_required": sentence("This needs your PIN. Choose it at a locker with a screen and enter your PIN there."),
    "pin_required.first": sentence("This needs a PIN, and you have none. Set one at a locker with a screen."),
    "pin_required.unset": sentence("This needs a PIN, and you have none. Set one in Toolcrib or ask your supervisor."),
    "pin_wrong": (
        counted(
            "That PIN was wrong. You have {left} more try, then you have to wait.",
            "That PIN was wrong. You have {left} more tries, then you have to wait.",
            by="left",
        ),
        sentence("That PIN was wrong. Please try again."),
    ),
    "pin_locked": (
        sentence("Too many wrong PINs. Try again after {until}, or ask your supervisor for a new one."),
        sentence("Too many wrong PINs. Try again in 15 minutes, or ask your supervisor for a new one."),
    ),
    "pin_change_required": sentence("Your PIN has to be changed first. Choose a new one at a locker with a screen."),
    "pin_change_required.key": sentence("Your PIN no longer counts. Set a new one in Toolcrib or ask your supervisor."),
    "pin_change_required.same": sentence("The new PIN has to be another one than before. Please try again."),
    "authorisation_required.group": (
        counted(
            "This needs the consent of {count} other person: {group}. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again.",
            "This needs the consent of {count} other people: {group}. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again.",
            by="count",
        ),
        sentence(
            "This needs the consent of certain others. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again."
        ),
    ),
    "authorisation_required.late": sentence(
        "More than a minute has passed. Tap the first badge again, and then the other one."
    ),
    "authorisation_required.not_asked": sentence(
        "Nothing on this screen needs the consent of this badge. Ask somebody else, or tap to see what is yours."
    ),
    "authorisation_required": (
        counted(
            "This needs the consent of {count} other person. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again.",
            "This needs the consent of {count} other people. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again.",
            by="count",
        ),
        sentence(
            "This needs the consent of somebody else. They tap after you at a locker with a screen, "
            "or agree in Toolcrib and you tap again."
        ),
    ),
    "terms_required": (
        sentence("To take this, accept its terms first, at a locker with a screen: {terms}"),
        sentence("To take this, accept its terms first, at a locker with a screen."),
    ),
    "answers_required": sentence("Please answer the questions about its condition first, at a locker with a screen."),
    "not_renewable": sentence("This loan cannot be renewed. Return it in time, or ask your supervisor."),
    "not_renewable.recalled": (
        sentence("It cannot be renewed: somebody else needs it. Please bring it back by {due}."),
        sentence("It cannot be renewed: somebody else needs it. Please bring it back in time."),
    ),
    "not_renewable.too_often": (
        counted(
            "It may be renewed {most} time only, and that is used up. Bring it back, then take it again.",
            "It may be renewed {most} times only, and they are used up. Bring it back, then take it again.",
            by="most",
        ),
        sentence("It has been renewed as often as it may. Bring it back, then take it again."),
    ),
    "not_renewable.too_early": (
        sentence("It is too early to renew it. Try again from {from} on."),
        sentence("It is too early to renew it. Try again nearer to the due time."),
    ),
    "not_renewable.not_later": (
        sentence("Renewing it would not give you more time. Please bring it back by {due}."),
        sentence("Renewing it would not give you more time. Please bring it back in time."),
    ),
    "borrower_not_active": sentence(
        "This account may not borrow at the moment. Take it for yourself, or ask your supervisor."
    ),
    "not_open": sentence("This loan is over already. Tap again to see what you have."),
    "refused": sentence("This is not possible right now. Please ask your supervisor."),
}
