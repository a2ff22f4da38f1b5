"""Every parser, fed with anything (safety.md G11): it understands, or refuses in its own words, and never breaks."""
