"""The actor that a person is, as the sign-in would say it."""

from __future__ import annotations

from assessment.people.accounts import actor_of as actor_for

__all__ = ["actor_for"]
