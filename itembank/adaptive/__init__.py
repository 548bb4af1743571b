"""Adaptive tests: initialise, select, record, estimate, stop."""
