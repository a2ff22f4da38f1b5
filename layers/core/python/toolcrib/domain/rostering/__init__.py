"""Reading a roster that somebody wrote as a table: lines, moments, shifts, and what is wrong with each."""
