"""What learners keep: room, parking, copies made by a worker, bytes given back, and sweeping."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from assessment import clock, storage, transactions
from assessment.access import Actor
from assessment.artefacts import (
    arriving,
    boxes,
    elements,
    keeping,
    preparing,
    service,
    sweeping,
    uploads,
)
from assessment.artefacts.duties import forget, prepare
from assessment.artefacts.models import Artefact, Readiness, Upload
from assessment.artefacts.preparing import process
from assessment.artefacts.service import PIECE_BYTES, Announced, OutOfPlace, ShownAs
from assessment.audit import service as audit
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import CRITERIA, build_workshop
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.performances import service as performances
from tests.assessment.artefacts.files import CANARY, film, paper, picture, webm
from tests.assessment.artefacts.heic import heic


@pytest.fixture
def actor(context: Flask) -> Actor:
    made = build_learner()[1]
    transactions.commit()  # the worker's part rolls back what is not
    return made


def kept(actor: Actor, data: bytes, name: str = "canary.bin") -> Artefact:
    """Return a file that came whole, committed."""
    artefact = service.store_small_file(actor.learner_id or "", data, name, actor)
    transactions.commit()
    return artefact


def prepared(actor: Actor, data: bytes) -> Artefact:
    """Return a file of which a worker has made the copies."""
    artefact = kept(actor, data)
    key = (artefact.learner_id, artefact.id)
    prepare({"learner_id": key[0], "artefact_id": key[1]})
    return db.session.get_one(Artefact, key, populate_existing=True)


def seen(artefact: Artefact) -> list[bytes]:
    """Return all that those who rate can get of a file."""
    names = [artefact.shown_key, *artefact.pages]
    return [storage.read(name) for name in names if name is not None]


@pytest.mark.parametrize(
    ("data", "kind", "pages"),
    [
        (picture(), ShownAs.PICTURE, 0),
        (heic(), ShownAs.PICTURE, 0),
        (paper(6), ShownAs.PAGES, 6),
        (film(), ShownAs.VIDEO, 0),
        (webm(), ShownAs.VIDEO, 0),
    ],
    ids=["JPEG", "HEIC", "PDF", "MP4", "WebM"],
)
def test_what_is_seen_is_our_own_copy(actor: Actor, data: bytes, kind: ShownAs, pages: int) -> None:
    artefact = prepared(actor, data)
    assert service.shown(artefact) == service.Shown(kind, pages=pages)
    assert service.is_ready(artefact)
    copies = seen(artefact)
    assert len(copies) == max(1, pages)
    assert all(CANARY not in each and each != data for each in copies)
    assert artefact.sha256 == hashlib.sha256(data).hexdigest()
    again = (artefact.shown_key, list(artefact.pages))
    prepare({"learner_id": artefact.learner_id, "artefact_id": artefact.id})  # asked for twice
    db.session.refresh(artefact)
    assert (artefact.shown_key, artefact.pages) == again


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (paper(61), "more than 60 pages"),
        (paper()[:200], "cannot be read"),
        (heic()[:-10], "cannot be read"),
        (film()[:-300], "Export it as MP4"),
        (webm(track_type=17), "Export it as MP4"),
    ],
    ids=["long", "cut", "HEIC", "MP4", "WebM"],
)
def test_what_cannot_be_shown_says_why(actor: Actor, data: bytes, why: str) -> None:
    artefact = prepared(actor, data)
    shown = service.shown(artefact)
    assert (shown.kind, why in shown.why) == (ShownAs.NOT, True)
    assert not service.is_ready(artefact)
    assert seen(artefact) == []
    for show in (service.picture, service.video, lambda each: service.page(each, 1), service.text):
        with pytest.raises(NoSuchRecord):
            show(artefact)


def test_until_a_copy_is_made_it_is_being_prepared(actor: Actor) -> None:
    artefact = kept(actor, film())
    assert service.shown(artefact).kind is ShownAs.PREPARING
    assert not service.is_ready(artefact)
    assert not service.shown(artefact).is_settled
    (job,) = db.session.scalars(select(Job).filter_by(kind=keeping.PREPARE))
    assert job.payload["artefact_id"] == artefact.id


def test_a_process_that_takes_too_long_is_ended(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "LONGEST_SECONDS", 0.01)
    shown = service.shown(prepared(actor, paper(40)))
    assert "too elaborate" in shown.why
    walked = prepared(actor, film())
    assert "Cut it shorter, or export it as MP4" in service.shown(walked).why
    assert seen(walked) == []


def test_a_film_is_walked_in_a_process_that_has_bounds(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list[str]()
    start = subprocess.Popen

    def noted(command: list[str], **how: Any) -> subprocess.Popen[str]:
        said.append(command[3])
        return start(command, **how)

    monkeypatch.setattr(preparing.subprocess, "Popen", noted)
    for walk in (boxes, elements):
        monkeypatch.setattr(walk, "patches", lambda _film: pytest.fail("walked here"))
    for data in (film(), webm()):
        assert service.shown(prepared(actor, data)).kind is ShownAs.VIDEO
    assert said == ["assessment.artefacts.neutralising"] * 2


def test_the_process_that_draws_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTEST_SECRET_KEY", "canary" * 6)
    start = subprocess.Popen
    monkeypatch.setattr(
        preparing.subprocess, "Popen", lambda _command, **how: start(["/usr/bin/env"], **how)
    )
    with process("drawing", "application/pdf", str(tmp_path / "a"), str(tmp_path)) as lines:
        said = list(lines)
    assert said
    assert not any("canary" in line for line in said)


def test_a_text_is_kept_as_it_was_written(actor: Actor) -> None:
    artefact = service.store_text(actor.learner_id or "", "  J’ai isolé.\nPuis mesuré. ", actor)
    assert service.text(artefact) == "J’ai isolé.\nPuis mesuré."
    assert service.shown(artefact).kind is ShownAs.TEXT
    for wrong in ("", " \n ", "x" * (arriving.LONGEST_TEXT + 1)):
        with pytest.raises(Invalid):
            service.store_text(actor.learner_id or "", wrong, actor)


def allow(monkeypatch: pytest.MonkeyPatch, **quotas: int) -> None:
    """Let the settings of this installation allow so much."""
    found = current_app.extensions["attest_settings"]
    changed = replace(found, quotas=replace(found.quotas, **quotas))
    monkeypatch.setitem(current_app.extensions, "attest_settings", changed)


def test_the_settings_say_how_large_a_file_may_be(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, file_bytes=3_000_000)
    with pytest.raises(uploads.TooLarge, match="at most 3 MB"):
        service.begin(Announced("a.mp4", 3_000_001), actor)
    with pytest.raises(Invalid, match="at most 3 MB"):
        kept(actor, paper() + bytes(3_000_000))
    assert service.told() == {"paper": "3", "film": "3"}
    assert service.begin(Announced("a.mp4", 3_000_000), actor).size == 3_000_000


def test_a_learner_has_so_much_room(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, learner_bytes=3 * PIECE_BYTES)
    kept(actor, picture())
    with pytest.raises(Conflict, match="no room"):
        service.begin(Announced("a.mp4", 3 * PIECE_BYTES), actor)
    coming = service.begin(Announced("a.mp4", 3 * PIECE_BYTES - 5000), actor)
    assert service.room(actor.learner_id or "").files == 2
    with pytest.raises(Conflict, match="no room"):
        kept(actor, paper() + bytes(6000))
    service.discard(coming.id, actor)
    kept(actor, paper() + bytes(6000))
    allow(monkeypatch, learner_files=2)
    with pytest.raises(Conflict, match="2 files"):
        kept(actor, picture())


def test_what_is_on_its_way_has_its_room_already(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = film()
    allow(monkeypatch, learner_bytes=len(data))
    upload = service.begin(Announced("a.mp4", len(data)), actor)
    assert service.keep_piece(upload, 0, data)
    service.count_piece(upload.id, 0, len(data), actor)
    arrived = service.put_together(service.whole(upload))
    artefact = service.complete(upload.id, arrived, actor)
    assert artefact.size == len(data)
    other = service.put_together(service.Whole(upload.id, "", len(data)))
    assert service.complete(upload.id, other, actor) is artefact  # another request was first


def test_a_piece_is_kept_once(actor: Actor) -> None:
    data = film() + bytes(2 * PIECE_BYTES)
    upload = service.begin(Announced("a.mp4", len(data)), actor)
    first, second = data[:PIECE_BYTES], data[PIECE_BYTES : 2 * PIECE_BYTES]
    assert service.keep_piece(upload, 0, first)
    assert service.keep_piece(upload, 0, first)  # it was stored, and the answer was lost
    upload = service.count_piece(upload.id, 0, len(first), actor)
    upload = service.count_piece(upload.id, 0, len(first), actor)
    assert upload.received == PIECE_BYTES
    assert not service.keep_piece(upload, 0, first)
    with pytest.raises(OutOfPlace) as out:
        service.keep_piece(upload, 2 * PIECE_BYTES, second)
    assert out.value.details == {"received": PIECE_BYTES}
    with pytest.raises(Invalid, match="cut off"):
        service.keep_piece(upload, PIECE_BYTES, second[:-1])
    with pytest.raises(OutOfPlace):
        service.whole(upload)


def test_whoever_is_no_learner_sends_nothing(context: Flask) -> None:
    with pytest.raises(Forbidden):
        service.begin(Announced("a.mp4", 5), sweeping.ACTOR)


def test_what_is_attached_is_not_parked(actor: Actor) -> None:
    learner_id, made = actor.learner_id or "", build_workshop()
    free = kept(actor, picture())
    begun = performances.begin(made.task, actor)
    held = performances.add_text(begun.id, "I did it so.", dict.fromkeys(CRITERIA, ""), actor)
    assert [each.id for each in service.parked(learner_id)] == [free.id]
    with pytest.raises(Conflict, match="part of work"):
        service.remove_parked(learner_id, held.artefact_id, actor)
    service.remove_parked(learner_id, free.id, actor)
    assert service.parked(learner_id) == []
    with pytest.raises(NoSuchRecord):
        service.own(learner_id, free.id)


def test_bytes_are_given_back_and_the_receipt_stays(actor: Actor) -> None:
    artefact = kept(actor, picture())
    names = [artefact.storage_key or "", artefact.shown_key or ""]
    service.release_bytes(artefact, actor)
    service.release_bytes(artefact, actor)
    assert service.room(actor.learner_id or "").bytes == 0
    assert all(storage.exists(name) for name in names)  # until that is committed
    (job,) = db.session.scalars(select(Job).filter_by(kind=keeping.FORGET))
    forget(job.payload)
    assert not any(storage.exists(name) for name in names)
    assert service.shown(artefact) == service.Shown(ShownAs.NOT)
    assert artefact.sha256 == hashlib.sha256(picture()).hexdigest()
    with pytest.raises(NoSuchRecord):
        service.original(artefact, "my-file")


def test_the_same_bytes_are_noticed(actor: Actor) -> None:
    other = build_learner()[1]
    first, second = kept(actor, picture()), kept(actor, picture())
    alone = kept(actor, paper())
    learner_id = actor.learner_id or ""
    assert service.same_bytes(learner_id, first.sha256, first.id).own == (second.id,)
    assert not service.same_bytes(learner_id, first.sha256, first.id).by_others
    kept(other, picture())
    assert service.same_bytes(learner_id, first.sha256, first.id).by_others
    assert service.same_bytes(learner_id, alone.sha256, alone.id) == service.SameBytes((), False)


Later = Callable[[float], datetime]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Return a function that lets days pass."""
    real = clock.now

    def later(days: float) -> datetime:
        moment = real() + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return later


def names() -> set[str]:
    """Return everything that storage holds of artefacts."""
    return {name for area in ("artefacts", "uploads") for name in storage.current().names(area)}


def test_a_file_whose_row_was_never_committed_is_swept(actor: Actor, days_later: Later) -> None:
    before = names()
    named = kept(actor, picture())
    papers = prepared(actor, paper(2))
    standing = names() - before
    assert standing == {
        name
        for each in (named, papers)
        for name in (each.storage_key, each.shown_key, *each.pages)
        if name
    }
    with suppress(Killed):
        kept_and_killed(actor)
    transactions.rollback()
    orphans = names() - before - standing
    assert len(orphans) == 2  # the picture and our copy of it
    assert not orphans & set(sweeping.clear_orphans())  # it may be committed yet
    days_later(1.1)
    assert orphans <= set(sweeping.clear_orphans())
    assert not orphans & names()
    assert standing <= names()


def kept_and_killed(actor: Actor) -> None:
    service.store_small_file(actor.learner_id or "", picture(size=(50, 50)), "a.jpg", actor)
    raise Killed


def test_a_piece_that_was_never_counted_is_swept_with_its_upload(
    actor: Actor, days_later: Later
) -> None:
    data = film() + bytes(PIECE_BYTES)
    upload = service.begin(Announced("a.mp4", len(data)), actor)
    service.keep_piece(upload, 0, data[:PIECE_BYTES])
    transactions.commit()
    piece, key = uploads.piece_name(upload.id, 0), (upload.learner_id, upload.id)
    days_later(6.9)
    sweeping.expire()
    assert piece not in sweeping.clear_orphans()
    days_later(7.1)
    sweeping.expire()
    assert db.session.get(Upload, key) is None
    assert piece in sweeping.clear_orphans()
    assert not storage.exists(piece)


def test_what_a_killed_process_half_wrote_is_swept(actor: Actor, days_later: Later) -> None:
    folder = storage.current().folder
    assert folder is not None
    half = folder / "artefacts" / "ab" / "abcdef#1"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    sweeping.clear_orphans()
    assert half.exists()
    days_later(1.1)
    sweeping.clear_orphans()
    assert not half.exists()


def test_what_breaks_while_it_is_written_leaves_nothing(actor: Actor) -> None:
    def breaking() -> Iterator[bytes]:
        yield film()
        raise Killed

    before = names()
    with suppress(Killed):
        arriving.pieces(breaking(), len(film()) * 2, "a.mp4")
    assert names() == before


def test_every_change_is_in_the_log(actor: Actor) -> None:
    artefact = kept(actor, picture())
    service.release_bytes(artefact, actor)
    upload = service.begin(Announced("a.mp4", 5), actor)
    service.discard(upload.id, actor)
    acts = [entry.body for entry in db.session.info[audit.PENDING]]
    for act in ("artefact given back", "upload begun", "upload discarded"):
        assert any(act in body for body in acts)
    assert not any("canary" in body for body in acts)


def test_a_picture_too_large_to_draw_at_once_is_left_to_a_worker(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "QUICK_PIXELS", 100)
    artefact = kept(actor, picture())
    assert artefact.readiness == Readiness.PREPARING
    assert service.is_ready(prepared(actor, picture()))
