"""Accounts, learners, roles and institutions."""
