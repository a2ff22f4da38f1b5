"""Infrastructure: templates, the command that deploys them, and the local stack."""
