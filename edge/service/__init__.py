"""The controller as a service: what runs beside what, what ends it, and how systemd knows that it is well."""
