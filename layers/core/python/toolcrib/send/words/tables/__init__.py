"""The English sentences by key, a table for each occasion. No key stands in two of them."""
