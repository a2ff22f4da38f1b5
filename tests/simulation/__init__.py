"""A workplace in one thread, from one seed: real flows, the shipped controller, and everything that goes wrong."""
