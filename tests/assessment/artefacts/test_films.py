"""Films without who made them, where and when; and nothing in them moves."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.artefacts import boxes, confining, elements, neutralising
from assessment.artefacts.patches import PIECE, CannotBeNeutralised, Patch, patched
from tests.assessment.artefacts.files import (
    CANARY,
    HEARD,
    MADE,
    PLACE,
    SEEN,
    box,
    element,
    film,
    full,
    track,
    webm,
)


def neutral(data: bytes) -> bytes:
    """Return a film as those who rate get it."""
    walk = elements if data.startswith(b"\x1a\x45\xdf\xa3") else boxes
    source = BytesIO(data)
    return b"".join(patched(source, walk.patches(source)))


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_a_film_says_nothing_of_its_maker_and_nothing_moves(brand: bytes) -> None:
    data = film(brand)
    copy = neutral(data)
    assert len(copy) == len(data)
    for said in (CANARY, PLACE, MADE[:4], MADE[4:], b"mebx", b"udta", b"uuid", b"sefd"):
        assert said in data
        assert said not in copy, said
    for kept in (SEEN, HEARD, b"avc1", b"mp4a", b"stco", b"vide", b"soun"):
        assert copy.find(kept) == data.find(kept) >= 0, kept


def test_a_neutral_film_is_neutral_already() -> None:
    copy = neutral(film())
    assert neutral(copy) == copy


def test_wide_boxes_and_an_open_end_are_walked() -> None:
    data = film()
    head, samples, rest = data.partition(b"mdat" + SEEN)
    wide = head[:-4] + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + 4) + b"more"
    tail = head[-4:] + samples + rest + struct.pack(">I", 0) + b"free" + CANARY
    copy = neutral(wide + tail)  # its tables point sixteen bytes before its samples
    assert CANARY not in copy
    assert len(copy) == len(wide + tail)


LIST = struct.pack(">I", 1)
ELSEWHERE = full(b"dref", LIST, full(b"alis", b"/Users/ada/clip.mov"))
HEAD = box(b"ftyp", b"isom", bytes(4))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HEAD, "no film"),
        (HEAD + box(b"moov"), "no film"),
        (film()[:-300], "do not fit"),
        (film()[:400], "do not fit"),
        (film() + box(b"moov"), "no film"),
        (HEAD + box(b"mdat") + box(b"moov", box(b"trak")), "where one belongs"),
        (
            HEAD + box(b"mdat") + box(b"moof") + box(b"moov", track(b"meta", 8, [1])),
            "in fragments",
        ),
        (HEAD + box(b"mdat") + box(b"moov", track(b"meta", 2**31, [1])), "beyond the end"),
        (b"\0\0\0\x01mdat" + bytes(7), "no film|cut off|fit"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_shown(data: bytes, why: str) -> None:
    with pytest.raises(CannotBeNeutralised, match=why):
        neutral(data)


def test_samples_in_another_file_are_not_shown() -> None:
    media = box(
        b"mdia",
        full(b"hdlr", bytes(4), b"vide", bytes(13)),
        box(b"minf", box(b"dinf", ELSEWHERE)),
    )
    with pytest.raises(CannotBeNeutralised, match="another file"):
        neutral(HEAD + box(b"mdat") + box(b"moov", box(b"trak", media)))


@pytest.mark.parametrize("live", [False, True])
def test_a_film_of_the_web_says_nothing_of_its_maker(live: bool) -> None:
    data = webm(live=live)
    copy = neutral(data)
    assert len(copy) == len(data)
    assert CANARY in data
    assert CANARY not in copy
    assert PLACE not in copy
    for kept in (SEEN, b"V_VP8", b"webm", b"\x1f\x43\xb6\x75"):
        assert copy.find(kept) == data.find(kept) >= 0
    assert neutral(copy) == copy


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (webm(track_type=17), "neither seen nor heard"),
        (webm()[:-20], "do not fit|cut off"),
        (element(0x1A45DFA3), "cut off|no segment|no element"),
        (element(0x1A45DFA3) + element(0xEC), "no segment"),
        (webm(live=True)[:-20], "do not fit|cut off"),
        (b"\x1a\x45\xdf\xa3\x00", "no element"),
        (webm(more=element(0x1654AE6B, unknown=True)), "without a length"),
    ],
)
def test_a_film_of_the_web_that_is_not_understood_is_not_shown(data: bytes, why: str) -> None:
    with pytest.raises(CannotBeNeutralised, match=why):
        neutral(data)


def test_what_follows_the_film_is_left_out() -> None:
    assert CANARY not in neutral(webm() + CANARY)


@given(data=st.sampled_from([film(), webm(), webm(live=True)]), changes=st.data())
def test_whatever_is_broken_ends_in_a_copy_or_a_refusal(
    data: bytes, changes: st.DataObject
) -> None:
    broken = bytearray(data)
    for _each in range(changes.draw(st.integers(1, 6))):
        broken[changes.draw(st.integers(0, len(data) - 1))] = changes.draw(st.integers(0, 255))
    broken[:4] = data[:4]
    try:
        assert len(neutral(bytes(broken))) == len(data)
    except CannotBeNeutralised:
        return


def test_patches_reach_over_pieces() -> None:
    data = bytes(range(1, 251)) * (3 * PIECE // 250)
    found = [Patch(PIECE - 5, PIECE + 5, b"abcdefgh"), Patch(10, 2 * PIECE)]
    copy = b"".join(patched(BytesIO(data), found))
    assert len(copy) == len(data)
    assert copy[:10] == data[:10]
    assert copy[10 : PIECE - 5] == bytes(PIECE - 15)
    assert copy[PIECE - 5 : PIECE + 5] == b"abcdefgh\0\0"
    assert copy[2 * PIECE :] == data[2 * PIECE :]


def test_samples_that_are_named_over_and_over_are_no_work_of_ours() -> None:
    """A track of 50,000 chunks, each of which is the whole film."""
    number = 50_000
    table = box(
        b"stbl",
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", struct.pack(">II", 900_000, number)),
        full(b"stco", struct.pack(">I", number), bytes(4 * number)),
    )
    media = box(b"mdia", full(b"hdlr", bytes(4), b"meta", bytes(12)), box(b"minf", table))
    moov = box(b"moov", full(b"mvhd", MADE, bytes(92)), box(b"trak", media))
    made = box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(1_000_000)) + moov
    began = time.process_time()
    with pytest.raises(CannotBeNeutralised, match="over and over"):
        boxes.patches(BytesIO(made))
    assert time.process_time() - began < 2


ENDLESS = """
from pathlib import Path
import sys
from assessment.artefacts import boxes, confining, neutralising
confining.{bound} = {most}
def endless(film):
    held = []
    while True:
        held.append(bytes({each}))
boxes.patches = endless
neutralising.main("video/mp4", sys.argv[1])
"""


@pytest.mark.parametrize(
    ("bound", "most", "each"), [("MOST_SECONDS", 1, 0), ("MOST_MEMORY", 400_000_000, 1_000_000)]
)
def test_a_walk_without_an_end_ends_its_process(
    bound: str, most: int, each: int, tmp_path: Path
) -> None:
    source = tmp_path / "original"
    source.write_bytes(film())
    code = ENDLESS.format(bound=bound, most=most, each=each)
    ended = subprocess.run(
        [sys.executable, "-c", code, source],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert ended.returncode != 0
    assert ended.stdout == b""
    assert source.read_bytes() == film()


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("video/mp4", film(), "done"),
        ("video/webm", webm(), "done"),
        ("video/mp4", HEAD, "cannot be neutralised"),
    ],
)
def test_the_process_changes_a_film_in_its_place(
    kind: str, data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "original"
    source.write_bytes(data)
    neutralising_without_bounds(kind, source)
    assert capsys.readouterr().out.strip() == said
    assert source.read_bytes() == (neutral(data) if said == "done" else data)


def neutralising_without_bounds(kind: str, source: Path) -> None:
    """Run the process's own function here, where the bounds would be those of all other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confining, "limit", lambda _most: None)
        neutralising.main(kind, str(source))
