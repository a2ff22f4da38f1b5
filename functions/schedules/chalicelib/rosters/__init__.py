"""What a bank may lend while it cannot ask, decided by the ordinary rules and written down for it."""
