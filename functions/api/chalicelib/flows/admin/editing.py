"""Editing what a client has read before: decided anew after a lost race, and a repeat is told what it did (I5)."""

from collections.abc import Callable
from typing import TypeVar

from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import AlreadyThere, Refusal
from toolcrib.flows.attempts import until_committed
from toolcrib.store.edits import done

T = TypeVar("T")


def created(asked: Asked, what: str, exists: Callable[[], bool], save: Callable[[], None]) -> None:
    """Save something new; raises `AlreadyThere` where its id is taken. `what` names it, id included."""

    def once() -> None:
        if not exists():
            save()
        elif not done(asked.org, asked.op):
            raise AlreadyThere(detail=f"there is {what} already", advice="PATCH it, or choose another id.")

    until_committed(once)


def changed(asked: Asked, once: Callable[[], None], show: Callable[[], T]) -> T:
    """Load, edit and commit with `once`, and return what `show` shows then.

    A repeat of an edit whose answer was lost finds the record moved on, by itself or by somebody since, and is told
    success whatever it would be refused for now.
    """
    try:
        until_committed(once)
    except Refusal:
        if not done(asked.org, asked.op):
            raise
    return show()
