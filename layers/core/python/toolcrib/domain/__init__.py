"""Pure decisions and the records they are about: no I/O, no clock, no ids made here, standard library only."""
