"""Where files are kept: a local folder by default, a bucket by URL, memory for tests.

A file is written once under a name that we make, and never changed. Names come from us alone, and
anything that does not look like one is refused before the store is asked: no path can be climbed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast
from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, MemoryStore, S3Store, from_url

from assessment.config import Settings
from assessment.ids import new_id

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIX = re.compile(r"(\.[a-z0-9]{1,8})?")
NAME = re.compile(r"[a-z0-9-]{1,40}(/[a-z0-9-]{1,60}){1,2}(\.[a-z0-9]{1,8})?")
ANYTHING = "files"
REACHABLE = "health/reachable"
EXTENSION = "attest_storage"
PART_BYTES = 5 * 1024 * 1024
"""The smallest part that a bucket takes a file in."""
BUFFER_BYTES = 256 * 1024

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

    def keep_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write what comes piece by piece under `name`, of which a few are in memory at a time.

        The name has to be one that nobody else writes to.
        """
        try:
            with obstore.open_writer(
                self.store, checked(name), buffer_size=PART_BYTES, max_concurrency=2
            ) as target:
                for piece in pieces:
                    target.write(piece)
        except BaseException:
            self.delete(name)  # what is half there is nothing
            raise
        self._sync(name)

    def part(self, name: str, start: int, end: int) -> bytes:
        """Return the bytes of a file from `start` to before `end`; both have to be in it."""
        try:
            return bytes(obstore.get_range(self.store, checked(name), start=start, end=end))
        except (FileNotFoundError, NotFoundError) as missing:
            raise NoSuchFile(name) from missing

    def opened(self, name: str) -> BufferedReader:
        """Return what is kept under `name` as a file that is read where it is asked for."""
        return BufferedReader(_Kept(self, name, self.size(name)), BUFFER_BYTES)

    def size(self, name: str) -> int:
        """Return how many bytes are kept under `name`; NoSuchFile if nothing is."""
        try:
            return int(obstore.head(self.store, checked(name))["size"])
        except (FileNotFoundError, NotFoundError) as missing:
            raise NoSuchFile(name) from missing

    def exists(self, name: str) -> bool:
        """Return whether something is kept under `name`."""
        try:
            self.size(name)
        except NoSuchFile:
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

    def written_before(self, area: str, moment: datetime) -> Iterator[str]:
        """Yield the names in `area` of what was written before `moment`."""
        for batch in obstore.list(self.store, area):
            yield from (each["path"] for each in batch if each["last_modified"] < moment)

    def clear_drafts(self, area: str, moment: datetime) -> int:
        """Return how many half-written files that were left before `moment` are removed.

        In a folder, the store writes `name#1` first, which a process that is killed leaves there.
        """
        if self.folder is None:
            return 0
        left = [
            path
            for path in (self.folder / area).glob("**/*#*")
            if path.stat().st_mtime < moment.timestamp()
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

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


class _Kept(RawIOBase):
    """A file in a store, read where it is asked for."""

    def __init__(self, kept: Storage, name: str, size: int) -> None:
        self._kept, self._name, self._size, self._at = kept, name, size, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Return the place that is read from next."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, target: WriteableBuffer) -> int:
        """Return how many bytes were put into `target`: none at the end."""
        view = memoryview(target).cast("B")
        end = min(self._size, self._at + len(view))
        if self._at >= end:
            return 0
        data = self._kept.part(self._name, self._at, end)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


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
