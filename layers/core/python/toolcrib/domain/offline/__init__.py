"""What a bank may lend while it cannot ask, and what it says afterwards of what it did (design.md, *Offline*)."""
