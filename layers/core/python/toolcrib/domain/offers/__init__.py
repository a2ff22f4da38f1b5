"""What a person can do at a bank right now: the one list that express banks, kiosks and choices are judged by."""
