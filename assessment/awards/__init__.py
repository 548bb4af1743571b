"""Consider, decide, award and explain."""
