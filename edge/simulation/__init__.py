"""Banks without steel: a cabinet, what lies in it, and a person who taps, takes, returns, and misbehaves on request."""
