"""Order and copies do not matter (safety.md G8, I9): in every order of a story's reports, and through a real broker."""
