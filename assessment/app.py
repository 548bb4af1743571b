"""The application factory."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from assessment import (
    access,
    errors,
    headers,
    installation,
    intake,
    locale,
    logs,
    resources,
    transactions,
)
from assessment.audit import refusals
from assessment.config import Settings, read_settings
from assessment.extensions import bootstrap, compress, csrf, db, limiter, login

VIEWS = (
    "assessment.people.views",
    "assessment.catalogue.views",
    "assessment.sittings.views",
    "assessment.artefacts.views",
    "assessment.performances.views",
    "assessment.performances.observer_views",
    "assessment.projects.views",
    "assessment.assessors.views",
    "assessment.awards.views",
    "assessment.credentials.views",
    "assessment.me.views",
    "assessment.registry.views",
    "assessment.authoring.views",
    "assessment.health",
)
MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Return the application for `settings`; `overrides` go into Flask's own configuration."""
    settings = settings or read_settings()
    app = Flask(
        "assessment",
        template_folder=str(resources.folder("templates")),
        static_folder=str(resources.HERE / "static"),
    )
    app.extensions["attest_settings"] = settings
    app.config.update(_flask_config(settings), **overrides)
    _trust_proxies(app, settings)
    _init_extensions(app)
    for name in VIEWS:
        app.register_blueprint(import_module(name).blueprint)
    access.declare_static(app, ("static", "bootstrap.static"))
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": transactions.engine_options(settings.database_url),
        "TRUSTED_HOSTS": list(settings.hosts),
        "SESSION_COOKIE_NAME": "__Host-attest" if settings.secure else "attest",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=2),  # without a request; 12 in all
        "WTF_CSRF_TIME_LIMIT": None,  # a form older than an hour is refused otherwise
        "MAX_CONTENT_LENGTH": 4 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 500,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": False,
        "TEMPLATES_AUTO_RELOAD": False,
        "COMPRESS_STREAMS": False,
    }


def _trust_proxies(app: Flask, settings: Settings) -> None:
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # the documented way to wrap an app


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    logs.init_app(app)
    intake.init_app(app)  # before anything is locked
    transactions.init_app(app)  # before the user is loaded
    login.init_app(app)
    access.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    bootstrap.init_app(app)
    compress.init_app(app)
    locale.init_app(app)
    installation.init_app(app)
    errors.init_app(app)
    refusals.init_app(app)
    secure = app.extensions["attest_settings"].secure
    headers.init_app(app, secure=secure)
