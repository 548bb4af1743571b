"""The report on a bank: how its items, its tests and its marks behave, by what was recorded."""
