"""The bank's settings: one TOML file that people write, who the board is by its enrolment, and errors that explain."""
