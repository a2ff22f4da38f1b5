"""The Slack app: what Slack calls, checked, acknowledged within three seconds, and done in an invocation of its own.

    Slack → POST /v1/slack/... → signature, five minutes, once → ack ──→ this function anew → react, answer, home

Nothing is known of who presses but their Slack id: it leads to a person, and what they may do is what the table says of
that person at this moment. Messages are not changed here: what is done is on the notice, and the table's stream lets
the sender change its message (functions/notices).
"""
