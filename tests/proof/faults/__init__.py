"""Every call to AWS fails once, in every way, in every handler; what is sent again comes to what it would have (G3)."""
