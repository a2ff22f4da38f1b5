"""The only code that talks outwards. Wording is apart from sending."""
