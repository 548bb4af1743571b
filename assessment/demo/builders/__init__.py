"""Builders of rows, one module per slice: the demo and the tests are made by the same ones."""
