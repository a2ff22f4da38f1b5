"""How every request is judged and answered; what it is about stands in `chalicelib/api`, one file per noun."""
