"""One module per verb: what it takes, what it says. The work is done in `infra.cli` and `infra.local`."""
