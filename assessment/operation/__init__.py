"""Running it: serve, backup, restore, database."""
