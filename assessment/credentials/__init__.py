"""Credentials: composed, signed, published and verified; they know no award."""
