"""What things cost: `make bench` prints each figure beside its budget, measured in the same run."""
