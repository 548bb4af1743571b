"""The settings, read once from the environment and refused at start when they are wrong."""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "ATTEST_"
KNOWN = {
    "ATTEST_DATABASE_URL": "The database; by default SQLite in the data folder.",
    "ATTEST_DATA": "The data folder of the embedded default; `./var`.",
    "ATTEST_STORAGE_URL": "Where files are kept: a folder (`file:///...`) or a bucket (`s3://...`).",
    "ATTEST_BASE_URL": "The address that people and credentials use; `http://localhost:8000`.",
    "ATTEST_SECRET_KEY": "Signs cookies and links; generated on the embedded default.",
    "ATTEST_SECRET_KEY_FALLBACKS": "Former secret keys, comma-separated, still accepted.",
    "ATTEST_KEYS_KEY": "Encrypts institutions' signing keys in a database that is not embedded; "
    "by default the secret key.",
    "ATTEST_MAIL_URL": "`smtp://user:password@host:587?from=a@b.ca` (or `smtps://`); by default an "
    "outbox folder (`file:///...`).",
    "ATTEST_BROKER_URL": "Wakes the workers at scale; job rows stay the truth.",
    "ATTEST_BIND": "Where `attest serve` listens; `127.0.0.1:8000`.",
    "ATTEST_TRUSTED_PROXIES": "How many proxies in front may set X-Forwarded-For; 0.",
    "ATTEST_TRUSTED_HOSTS": "Further host names that may be asked for, comma-separated.",
    "ATTEST_UPLOAD_FILE_MB": "The largest file that a learner may send, in MB; 200.",
    "ATTEST_UPLOAD_LEARNER_MB": "How much a learner may keep, in MB; 1000.",
    "ATTEST_UPLOAD_LEARNER_FILES": "How many files a learner may keep; 200.",
}
MEGABYTE = 1_000_000
LARGEST_FILE_MB, MOST_LEARNER_MB, MOST_LEARNER_FILES = 500, 1_000_000, 100_000
"""The most that each of the three can be set to: a performance holds 500 MB."""
STORAGE = ("file:///", "s3://", "memory://")
MAIL = ("file:///", "smtp://", "smtps://")
SHORTEST_KEY = 32


class SettingError(ValueError):
    """A setting that cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Quotas:
    """How large a file may be, and how much and how many a learner may keep."""

    file_bytes: int
    learner_bytes: int
    learner_files: int


@dataclass(frozen=True)
class Settings:
    """Every setting, checked."""

    data: Path
    database_url: str
    storage_url: str
    base_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    keys_key: str
    mail_url: str
    broker_url: str
    bind: str
    trusted_proxies: int
    trusted_hosts: tuple[str, ...]
    quotas: Quotas

    @property
    def embedded(self) -> bool:
        """Whether the database is the SQLite file in the data folder."""
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach us over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that a request may ask for."""
        own = urlsplit(self.base_url).hostname or "localhost"
        loopback = ("localhost", "127.0.0.1") if own in ("localhost", "127.0.0.1") else ()
        return tuple(dict.fromkeys((own, *loopback, *self.trusted_hosts)))


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `environ` (by default the process's own); SettingError if wrong."""
    values = os.environ if environ is None else environ
    _refuse_unknown(values)
    data = Path(values.get("ATTEST_DATA") or "var").resolve()
    database_url = _database_url(values.get("ATTEST_DATABASE_URL", ""), data)
    secret_key = _secret_key(values, data, database_url)
    return Settings(
        data=data,
        database_url=database_url,
        storage_url=_one_of(values, "ATTEST_STORAGE_URL", STORAGE, (data / "files").as_uri()),
        base_url=_base_url(values.get("ATTEST_BASE_URL") or "http://localhost:8000"),
        secret_key=secret_key,
        secret_key_fallbacks=_former_keys(values),
        keys_key=_long_enough("ATTEST_KEYS_KEY", values.get("ATTEST_KEYS_KEY") or secret_key),
        mail_url=_one_of(values, "ATTEST_MAIL_URL", MAIL, (data / "outbox").as_uri()),
        broker_url=values.get("ATTEST_BROKER_URL", ""),
        bind=_bind(values.get("ATTEST_BIND") or "127.0.0.1:8000"),
        trusted_proxies=_count(values, "ATTEST_TRUSTED_PROXIES"),
        trusted_hosts=_listed(values, "ATTEST_TRUSTED_HOSTS"),
        quotas=_quotas(values),
    )


def _refuse_unknown(values: Mapping[str, str]) -> None:
    for name in values:
        if name.startswith(PREFIX) and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingError(f"{name} is not a setting of Attest.{hint} The README lists them.")


def _listed(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in values.get(name, "").split(",") if part.strip())


def _count(values: Mapping[str, str], name: str) -> int:
    text = values.get(name) or "0"
    if not text.isdigit():
        raise SettingError(f"{name} must be a whole number from 0; got {text!r}.")
    return int(text)


def _quotas(values: Mapping[str, str]) -> Quotas:
    file_mb = _between(values, "ATTEST_UPLOAD_FILE_MB", 200, LARGEST_FILE_MB)
    learner_mb = _between(values, "ATTEST_UPLOAD_LEARNER_MB", 1000, MOST_LEARNER_MB)
    files = _between(values, "ATTEST_UPLOAD_LEARNER_FILES", 200, MOST_LEARNER_FILES)
    if file_mb > learner_mb:
        raise SettingError(
            f"ATTEST_UPLOAD_FILE_MB ({file_mb}) must be at most ATTEST_UPLOAD_LEARNER_MB"
            f" ({learner_mb}): a learner could not keep such a file."
        )
    return Quotas(file_mb * MEGABYTE, learner_mb * MEGABYTE, files)


def _between(values: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = values.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise SettingError(f"{name} must be a whole number from 1 to {most}; got {text[:40]!r}.")
    return int(text)


def _one_of(values: Mapping[str, str], name: str, beginnings: tuple[str, ...], default: str) -> str:
    url = values.get(name) or default
    if not url.startswith(beginnings):
        raise SettingError(
            f"{name} must begin with {' or '.join(beginnings)}; "
            f"got {url.split(':', maxsplit=1)[0]!r}."
        )
    return url


def _bind(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise SettingError(f"ATTEST_BIND must look like 127.0.0.1:8000; got {address!r}.")
    return address


def _database_url(url: str, data: Path) -> str:
    if not url:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return f"sqlite:///{data / 'attest.db'}"
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise SettingError(
        "ATTEST_DATABASE_URL must begin with postgresql:// or sqlite:///; "
        f"got {url.split(':', maxsplit=1)[0]!r}."
    )


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise SettingError(
            f"ATTEST_BASE_URL must look like https://attest.example.org; got {url!r}."
        )
    return url.rstrip("/")


def _long_enough(name: str, key: str) -> str:
    if len(key) < SHORTEST_KEY:
        raise SettingError(f"{name} must be {SHORTEST_KEY} characters or more.")
    return key


def _former_keys(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the former secret keys: what was signed with one is believed, so none may be weak."""
    name = "ATTEST_SECRET_KEY_FALLBACKS"
    return tuple(_long_enough(f"Each of {name}", key) for key in _listed(values, name))


def _secret_key(values: Mapping[str, str], data: Path, database_url: str) -> str:
    key = values.get("ATTEST_SECRET_KEY", "")
    if key:
        return _long_enough("ATTEST_SECRET_KEY", key)
    if not database_url.startswith("sqlite"):
        raise SettingError(
            "ATTEST_SECRET_KEY is required with this database. Make one: "
            "python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return _generated_key(data / "secret_key")


def _generated_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
        draft.unlink()
    return _long_enough(f"The key in {path}", path.read_text().strip())
