"""Every message that Toolcrib sends, with invented data: for the pages in docs/messages, for previews, for tests."""
