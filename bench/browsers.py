"""A browser that keeps its connection and its cookies, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 30.0
ENCODINGS = "gzip, deflate, br, zstd"


@dataclass(frozen=True)
class Reply:
    """What came back, as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int
    """With its headers."""

    @property
    def text(self) -> str:
        """The body as text; ask for no encoding."""
        return self.body.decode()

    @property
    def token(self) -> str:
        """The token of the page's first form."""
        found = TOKEN.search(self.text)
        if found is None:
            raise LookupError(f"{self.status}: {self.text[:500]}")
        return unescape(found.group(1))


@dataclass
class Browser:
    """One connection to a server on this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def get(self, path: str, encodings: str = "identity") -> Reply:
        """Return what is at `path`."""
        return self._send("GET", path, b"", {"Accept": "text/html", "Accept-Encoding": encodings})

    def post(self, path: str, fields: Mapping[str, str], accept: str = "text/html") -> Reply:
        """Return what sending a form brings; redirects are not followed."""
        headers = {
            "Accept": accept,
            "Accept-Encoding": ENCODINGS if accept == "application/json" else "identity",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._send("POST", path, urlencode(fields).encode(), headers)

    def rest(self) -> None:
        """Hang up; the server would, after a while. The next request calls again."""
        self.connection.close()

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {"User-Agent": "bench", **headers})
        response = self.connection.getresponse()
        self._keep_cookies(response)
        content = response.read()
        size = len(content) + sum(len(k) + len(v) + 4 for k, v in response.getheaders())
        return Reply(response.status, dict(response.getheaders()), content, size)

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
