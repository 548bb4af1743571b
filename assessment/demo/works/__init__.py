"""Made-up work of the demo: written, observed and drawn here, and of nobody."""
