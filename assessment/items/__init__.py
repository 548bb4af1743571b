"""Banks, immutable item versions, and tests."""
