"""Fixtures of the registrar's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.assessment.registry.offices import Office, build_office


@pytest.fixture
def office(context: Flask) -> Office:
    """Return an office that has awarded nothing yet."""
    return build_office()
