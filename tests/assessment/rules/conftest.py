"""Properties are proved on however busy a machine, and in a few seconds altogether."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rules",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("rules")
