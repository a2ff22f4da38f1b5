"""Runs the examples of a page: what it says to send is sent, and what it says comes back has to come back."""
