"""Tests of subscores."""
