"""What learners show: files and texts, how they arrive, and what may be seen of them."""
