"""Fixtures of the attacks: a small world, whose people each have a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from assessment.extensions import limiter
from tests.attacks.world import Seen, World, build_world
from tests.conftest import build_app


@pytest.fixture(autouse=True)
def no_limits_reached(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget the requests of other tests, which came from the same address."""
    yield
    if "app" in request.fixturenames:
        limiter.reset()


@pytest.fixture
def world(app: Flask) -> World:
    """Return a world with a learner who has passed, another one, staff, and a stranger's house."""
    return build_world(app)


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> list[Seen]:
    """Return every page of a world of its own, got once."""
    app = build_app("sqlite", tmp_path_factory.mktemp("crawl"), request, WTF_CSRF_ENABLED=False)
    return build_world(app).crawl()
