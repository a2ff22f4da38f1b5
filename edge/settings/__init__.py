"""The bank's settings: one TOML file that people write, a keys file that enrolment writes, and errors that explain."""
