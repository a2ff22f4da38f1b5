"""A panel for people: a simulated bank in a browser, its kiosk beside its doors, cards to tap, things to move."""
