"""The ledger: whose, which competency, from what, how strong; append-only."""
