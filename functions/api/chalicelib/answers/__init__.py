"""What a link in a mail leads to: a page that says what will happen, and after a press what was done."""
