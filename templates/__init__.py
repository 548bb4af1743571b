"""The pages, found by path (see assessment/resources.py)."""
