"""The security headers of every response; nothing leaves the origin."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
CACHEABLE = frozenset({"static", "bootstrap.static"})


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint not in CACHEABLE and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def _harden_transport(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _gather(response: Response) -> Response:
    """Take a small file of ours into memory: what is streamed would travel uncompressed."""
    if request.endpoint in CACHEABLE and response.status_code == 200:
        response.direct_passthrough = False
        content = b"".join(response.iter_encoded())
        response.close()
        response.set_data(content)
    return response


def init_app(app: Flask, *, secure: bool) -> None:
    """Add the headers to every response; HSTS where people reach us over HTTPS."""
    app.after_request(_gather)  # registered after the compression, so it runs before
    app.after_request(_harden)
    if secure:
        app.after_request(_harden_transport)
