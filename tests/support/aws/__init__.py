"""AWS in this process, behind botocore: the product's real clients, retries, timeouts and error classes; no socket."""
