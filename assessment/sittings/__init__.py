"""Sittings: one attempt by one learner at one test, timed by the server."""
