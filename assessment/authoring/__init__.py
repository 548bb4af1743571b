"""Banks, items and tests."""
