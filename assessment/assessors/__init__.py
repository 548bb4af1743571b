"""The assessors' place: what waits, how it is rated, and whether a rater may be trusted."""
