"""What tries to break the record. Each part has a short form for `make test` and a long form for `make prove`."""
