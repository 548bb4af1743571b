"""The demo: original content, and the tour through it."""
