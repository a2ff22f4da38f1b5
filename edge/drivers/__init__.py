"""Hardware behind one small interface: `base` says what a driver must do, `cabinet` makes one of several `parts`.

`simulated` is a cabinet without steel.
"""
