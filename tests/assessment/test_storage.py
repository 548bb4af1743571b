"""Files are kept under names that we make, written once, and no path can be climbed."""

from __future__ import annotations

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
