"""The tour: a new learner's whole way against a running server, over HTTP alone."""
