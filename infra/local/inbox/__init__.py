"""The local stack's inbox: plays Slack, shows MiniStack's mail, keeps both; JSON for programs, a page for people."""
