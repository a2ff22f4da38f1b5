"""A model of checkout and door commands, checked exhaustively: small enough to read in five minutes."""
