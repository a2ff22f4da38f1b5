"""What notices say about loans, cases and people: short sentences, the main thing first, then what to do."""
