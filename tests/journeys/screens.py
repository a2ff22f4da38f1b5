"""What people type at a screen."""

from edge.config import BadgeKey
from edge.tokens import pin_token
from tests.journeys.corner import Corner
from tests.support.player import Message, Player


def enter(corner: Corner, bank: Player, token: str, pin: str, new_pin: str | None = None) -> tuple[str, Message]:
    """Take the one thing on offer with these PINs."""
    known = corner.stack["badge_key"]
    key = BadgeKey(version=known["version"], key=bytes.fromhex(known["hex"]))
    typed = {"pin": pin_token(pin, key)} | ({"new_pin": pin_token(new_pin, key)} if new_pin else {})
    return bank.choose(bank.offers(token), "take", **typed)
