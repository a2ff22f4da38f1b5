"""What people type at a screen."""

from edge.config import BadgeKey
from edge.tokens import pin_token
from tests.journeys.corner import Corner
from tests.support.player import Message, Player


def typed(corner: Corner, pin: str, new_pin: str | None = None) -> dict[str, str]:
    """Return PINs as a bank sends them."""
    known = corner.stack["badge_key"]
    key = BadgeKey(version=known["version"], key=bytes.fromhex(known["hex"]))
    return {"pin": pin_token(pin, key)} | ({"new_pin": pin_token(new_pin, key)} if new_pin else {})


def enter(corner: Corner, bank: Player, token: str, pin: str, new_pin: str | None = None) -> tuple[str, Message]:
    """Take the one thing on offer with these PINs."""
    return bank.choose(bank.offers(token), "take", **typed(corner, pin, new_pin))
