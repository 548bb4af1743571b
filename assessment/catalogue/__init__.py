"""Frameworks, achievements and listings; what a rule may name."""
