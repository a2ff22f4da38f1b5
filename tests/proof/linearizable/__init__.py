"""Per asset, what many clients saw at once has a legal order (safety.md, I4)."""
