"""Employers' projects: a brief, what is delivered, and what both sides say of it."""
