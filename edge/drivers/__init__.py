"""Hardware behind one small interface: `base` says what a driver must do, `simulated` is a cabinet without steel."""
