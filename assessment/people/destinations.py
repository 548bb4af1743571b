"""Where a page leads next, when the address says so: to a place of ours, or to the usual one."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

LONGEST = 2000


def local_path(wanted: str | None, otherwise: str) -> str:
    """Return `wanted` if it is a path on this site, with its query; else `otherwise`.

    Browsers read `//host`, `/\\host` and tabs within either as another site, so none may stand in
    the path, plain or encoded.
    """
    path = wanted or ""
    plain = unquote(unquote(path.partition("?")[0]))
    if len(path) > LONGEST or not path.isprintable() or not plain.isprintable() or "\\" in path:
        return otherwise
    if not plain.startswith("/") or plain.startswith("//") or "\\" in plain:
        return otherwise
    return path if _names_no_host(path) else otherwise


def _names_no_host(path: str) -> bool:
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    return path.startswith("/") and not parts.scheme and not parts.netloc
