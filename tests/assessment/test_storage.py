"""Files are kept under names that we make, written once, and no path can be climbed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessment import storage
from assessment.storage import NoSuchFile, Storage, open_storage


@pytest.fixture(params=["file", "memory"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Return an empty store in a folder, and one in memory."""
    url = (tmp_path / "a folder").as_uri() if request.param == "file" else "memory://"
    return open_storage(url)


def test_what_is_kept_can_be_read_listed_and_deleted(kept: Storage) -> None:
    assert kept.keep("files/ab/one.pdf", b"1")
    assert kept.keep("files/ab/two.pdf", b"2")
    assert kept.keep("audit/000000000001.json", b"{}")
    assert kept.read("files/ab/one.pdf") == b"1"
    assert kept.names("files") == ["files/ab/one.pdf", "files/ab/two.pdf"]
    assert kept.names("files", after="files/ab/one.pdf") == ["files/ab/two.pdf"]
    assert len(kept.names()) == 3
    kept.delete("files/ab/one.pdf")
    kept.delete("files/ab/one.pdf")
    assert not kept.exists("files/ab/one.pdf")
    assert kept.exists("files/ab/two.pdf")
    with pytest.raises(NoSuchFile):
        kept.read("files/ab/one.pdf")


def test_a_file_is_never_replaced(kept: Storage) -> None:
    assert kept.keep("files/ab/one", b"first")
    assert not kept.keep("files/ab/one", b"second")
    assert kept.read("files/ab/one") == b"first"


def test_a_large_file_is_written_and_read_piece_by_piece(kept: Storage) -> None:
    pieces = [bytes([number]) * 700_000 for number in range(20)]
    kept.keep_pieces("artefacts/ab/film.mp4", iter(pieces))
    data = b"".join(pieces)
    assert kept.size("artefacts/ab/film.mp4") == len(data)
    assert kept.part("artefacts/ab/film.mp4", 699_999, 700_001) == b"\0\1"
    with kept.opened("artefacts/ab/film.mp4") as film:
        assert film.read(3) == b"\0\0\0"
        film.seek(-2, 2)
        assert film.read() == b"\x13\x13"
        assert film.read(1) == b""
        film.seek(0)
        assert film.read() == data
    for call in (kept.size, kept.opened, lambda name: kept.part(name, 0, 1)):
        with pytest.raises(NoSuchFile):
            call("artefacts/ab/none")


def test_what_breaks_while_it_is_written_is_not_there(kept: Storage) -> None:
    def breaking() -> Iterator[bytes]:
        yield bytes(6_000_000)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.keep_pieces("artefacts/ab/half", breaking())
    assert not kept.exists("artefacts/ab/half")


def test_an_empty_file_is_a_file(kept: Storage) -> None:
    kept.keep_pieces("artefacts/ab/empty", iter(()))
    with kept.opened("artefacts/ab/empty") as file:
        assert file.read() == b""


def test_what_was_written_before_a_moment_is_found(kept: Storage) -> None:
    kept.keep("artefacts/ab/one", b"1")
    kept.keep("files/ab/one", b"1")
    now = datetime.now(UTC)
    assert list(kept.written_before("artefacts", now - timedelta(minutes=1))) == []
    assert list(kept.written_before("artefacts", now + timedelta(minutes=1))) == [
        "artefacts/ab/one"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "files/../../secret_key",
        "/etc/passwd",
        "files",
        "files//x",
        "files/.hidden",
        "files/%2e%2e/x",
        "files/a\x00b",
        "files/A",
        "files\\..\\x",
        "a/b/c/d",
        "",
    ],
)
def test_a_name_that_we_did_not_make_is_refused(kept: Storage, name: str) -> None:
    for call in (kept.read, kept.exists, kept.delete, lambda name: kept.keep(name, b"x")):
        with pytest.raises(ValueError, match="`name` must be"):
            call(name)


def test_the_application_stores_under_random_names(context: object) -> None:
    first, second = storage.store(b"x", ".png"), storage.store(b"x", ".png")
    assert first != second
    assert first.endswith(".png")
    assert storage.read(first) == b"x"
    assert {first, second} <= set(storage.iterate())
    storage.delete(first)
    assert not storage.exists(first)
    with pytest.raises(ValueError, match="`suffix` must be"):
        storage.store(b"x", "/../x")
