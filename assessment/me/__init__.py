"""The learner's own place."""
