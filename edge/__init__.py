"""The controller that runs in a bank: badge taps, signed door commands, a journal that survives power cuts.

Decisions are plain synchronous state machines (`bank`, `doors`, `commands`, `conversations`, `outbox`) that take an
event and the time and return actions; `controller` and `link` are the thin asyncio shell around them.
"""
