"""The file that a backup is: a zip of JSON lines, files and keys, with the hash of each.

Only members of names that we make are read, never to a path that a member names; nothing is read
but JSON, PEM and bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO

from assessment.errors import AssessmentError
from assessment.storage import NAME

FORMAT = "attest-backup"
VERSION = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 512 * 1024 * 1024
CHUNK = 1024 * 1024
TABLE = re.compile(r"tables/([a-z_]{1,60})\.jsonl")
FILE = re.compile(r"storage/(.+)")
KEY = re.compile(r"keys/([a-z0-9][a-z0-9._-]{0,199})/([1-9][0-9]{0,5})\.pem")


class BadBackup(AssessmentError):
    """The file is not a backup that can be restored; the sentence says why."""

    status = 422
    code = "bad_backup"


@dataclass(frozen=True)
class Member:
    """One part of a backup, as its manifest describes it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and of what."""

    made_at: str
    revision: str
    database: str
    base_url: str
    members: tuple[Member, ...]
    missing_files: tuple[str, ...]
    """Files that a row names and that storage did not have."""

    def to_bytes(self) -> bytes:
        """Return the manifest as the backup holds it."""
        fields = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(fields, indent=1, sort_keys=True).encode()


def manifest_from(data: bytes) -> Manifest:
    """Return the manifest that `to_bytes` wrote; BadBackup if it is none."""
    try:
        fields = json.loads(data)
        if (fields["format"], fields["version"]) != (FORMAT, VERSION):
            raise ValueError
        members = tuple(
            Member(str(each["name"]), str(each["sha256"]), int(each["size"]))
            for each in fields["members"]
        )
        return Manifest(
            made_at=str(fields["made_at"]),
            revision=str(fields["revision"]),
            database=str(fields["database"]),
            base_url=str(fields["base_url"]),
            members=members,
            missing_files=tuple(str(name) for name in fields["missing_files"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadBackup("The file has no manifest that this version of Attest reads.") from wrong


class Writer:
    """A backup being written."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self.target = target
        self.members: list[Member] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one member, and note its hash."""
        digest, size = hashlib.sha256(), 0
        with self.target.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self.members.append(Member(name, digest.hexdigest(), size))


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A backup at `path`: there when the block ends well, and not at all otherwise.

    Its owner alone may read it: it holds signing keys.
    """
    if path.exists():
        raise BadBackup(f"{path} exists; a backup never replaces a file.")
    draft = path.with_name(f".{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
                yield Writer(target)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


class Reader:
    """A backup whose members were all found as its manifest describes them."""

    def __init__(self, source: zipfile.ZipFile, manifest: Manifest) -> None:
        self.source = source
        self.manifest = manifest

    def matching(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the match of every member whose name is of this form."""
        for member in self.manifest.members:
            match = pattern.fullmatch(member.name)
            if match:
                yield match

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member."""
        with self.source.open(name) as member:
            yield from member

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a member piece by piece."""
        with self.source.open(name) as member:
            yield from iter(partial(member.read, CHUNK), b"")

    def read(self, name: str) -> bytes:
        """Return a member whole."""
        with self.source.open(name) as member:
            return member.read()


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """A backup, every member of which was checked before the block begins."""
    try:
        with zipfile.ZipFile(path) as source:
            manifest = _manifest(source)
            _check_names(source, manifest)
            for member in manifest.members:
                _check_member(source, member)
            yield Reader(source, manifest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise BadBackup(f"{path.name} is not a backup, or it is damaged.") from wrong


def _manifest(source: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in source.namelist():
        raise BadBackup("The file has no manifest that this version of Attest reads.")
    if source.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise BadBackup("The manifest is larger than any of ours.")
    with source.open(MANIFEST) as member:
        return manifest_from(member.read(LARGEST_MANIFEST))


def _check_names(source: zipfile.ZipFile, manifest: Manifest) -> None:
    held = sorted(source.namelist())
    said = sorted([MANIFEST, *(member.name for member in manifest.members)])
    if held != said:
        raise BadBackup("The file does not hold exactly what its manifest lists.")
    for member in manifest.members:
        if not _is_ours(member.name):
            raise BadBackup(f"{member.name!r} is not a name that a backup has.")


def _is_ours(name: str) -> bool:
    file = FILE.fullmatch(name)
    if file:
        return NAME.fullmatch(file[1]) is not None
    return bool(TABLE.fullmatch(name) or KEY.fullmatch(name))


def _check_member(source: zipfile.ZipFile, member: Member) -> None:
    with source.open(member.name) as opened_member:
        digest, size = _digest(opened_member, member.size)
    if (digest, size) != (member.sha256, member.size):
        raise BadBackup(f"{member.name} is not what the manifest says: the file is damaged.")


def _digest(member: IO[bytes], most: int) -> tuple[str, int]:
    """Return hash and size, reading one chunk too many at most: a bomb is not unpacked."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (chunk := member.read(CHUNK)):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
