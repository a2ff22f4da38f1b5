"""G9: a month of loans, with sweeps and channels at their worst; everybody told once, in time, and not too often."""
