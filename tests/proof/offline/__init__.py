"""I12 and G10: banks without a network lend within signed rosters, whatever happens, and tell everything in order."""
