"""Performances: work that learners show, and that assessors rate, each blind to the other."""
