"""Where files are kept: a local folder by default, a bucket by URL, memory for tests.

A file is written once under a name that we make, and never changed. Names come from us alone, and
anything that does not look like one is refused before the store is asked: no path can be climbed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, MemoryStore, S3Store, from_url

from assessment.config import Settings
from assessment.ids import new_id

SUFFIX = re.compile(r"(\.[a-z0-9]{1,8})?")
NAME = re.compile(r"[a-z0-9-]{1,40}(/[a-z0-9-]{1,60}){1,2}(\.[a-z0-9]{1,8})?")
ANYTHING = "files"
REACHABLE = "health/reachable"
EXTENSION = "attest_storage"

Store: TypeAlias = LocalStore | MemoryStore | S3Store


class NoSuchFile(LookupError):
    """Nothing is kept under this name."""


@dataclass(frozen=True)
class Storage:
    """One store of files."""

    store: Store
    folder: Path | None
    """The local folder, where it is one."""

    def keep(self, name: str, data: bytes) -> bool:
        """Return whether this call wrote `data` under `name`: False if something was there."""
        try:
            obstore.put(self.store, checked(name), data, mode="create")
        except AlreadyExistsError:
            return False
        self._sync(name)
        return True

    def read(self, name: str) -> bytes:
        """Return what is kept under `name`; NoSuchFile if nothing is."""
        try:
            return bytes(obstore.get(self.store, checked(name)).bytes())
        except (FileNotFoundError, NotFoundError) as missing:
            raise NoSuchFile(name) from missing

    def exists(self, name: str) -> bool:
        """Return whether something is kept under `name`."""
        try:
            obstore.head(self.store, checked(name))
        except (FileNotFoundError, NotFoundError):
            return False
        return True

    def delete(self, name: str) -> None:
        """Remove what is kept under `name`, if anything is."""
        try:
            obstore.delete(self.store, checked(name))
        except (FileNotFoundError, NotFoundError):
            return

    def names(self, area: str = "", after: str | None = None) -> list[str]:
        """Return the names in `area` in order, those behind `after` alone if it is given."""
        batches = obstore.list(self.store, area or None, offset=after)
        return sorted(entry["path"] for batch in batches for entry in batch)

    def is_reachable(self) -> bool:
        """Return whether the store answers, and a local folder can be written to."""
        if self.folder is not None:
            return os.access(self.folder, os.W_OK)
        self.exists(REACHABLE)
        return True

    def _sync(self, name: str) -> None:
        """Make the file and its name outlive a power cut, on a local folder."""
        if self.folder is None:
            return
        path = self.folder / name
        for part in (path, *path.parents[: len(Path(name).parts)]):
            descriptor = os.open(part, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def checked(name: str) -> str:
    """Return `name` if it is one that we could have made; ValueError otherwise."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"`name` must be an area and a name of small letters, digits and hyphens; got {name!r} "
            "at storage."
        )
    return name


def open_storage(url: str) -> Storage:
    """Return the store at `url`: file:///folder, s3://bucket/prefix or memory://."""
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return Storage(MemoryStore(), None)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Storage(LocalStore(folder), folder)
    return Storage(cast(S3Store, from_url(url)), None)


def current() -> Storage:
    """Return the store of this installation, opened at its first use in this process."""
    opened = current_app.extensions.setdefault(EXTENSION, {})
    process = os.getpid()  # the store's threads do not survive a fork
    if process not in opened:
        settings: Settings = current_app.extensions["attest_settings"]
        opened[process] = open_storage(settings.storage_url)
    found: Storage = opened[process]
    return found


def store(data: bytes, suffix: str = "") -> str:
    """Return the generated name under which `data` is now kept; `suffix` is like `.pdf`."""
    if not SUFFIX.fullmatch(suffix):
        raise ValueError(f"`suffix` must be like .pdf or empty; got {suffix!r} at store.")
    identifier = new_id()
    name = f"{ANYTHING}/{identifier[:2]}/{identifier}{suffix}"
    current().keep(name, data)
    return name


def read(name: str) -> bytes:
    """Return the bytes kept under `name`; NoSuchFile if nothing is."""
    return current().read(name)


def exists(name: str) -> bool:
    """Return whether something is kept under `name`."""
    return current().exists(name)


def delete(name: str) -> None:
    """Remove what is kept under `name`, if anything is."""
    current().delete(name)


def iterate() -> Iterator[str]:
    """Yield the name of every file that was stored."""
    yield from current().names(ANYTHING)
