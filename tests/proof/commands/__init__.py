"""Door commands (safety.md G6): whatever is wrong with one, no door opens; what is right opens its door once."""
