"""A board becomes a bank: it makes a key that never leaves it, and gets a certificate and keys for it."""
