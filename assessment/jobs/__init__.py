"""Work after the response: rows claimed with a lease, done once."""
