"""The registrar's desk."""
