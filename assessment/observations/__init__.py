"""What an employer's person saw, said from a phone and without an account."""
