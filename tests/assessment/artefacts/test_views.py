"""Sending files over HTTP: in pieces and whole, cut off and resumed, and what comes back."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assessment import storage
from assessment.artefacts import duties, service, uploads
from assessment.artefacts.models import Upload
from assessment.artefacts.service import PIECE_BYTES
from assessment.demo.builders.examinations import build_learner
from assessment.jobs import worker
from tests.assessment.artefacts.files import CANARY, PLACE, box, film, picture
from tests.assessment.people.browser import sign_in

JSON = {"Accept": "application/json"}
KINDS = (duties.PREPARE, duties.FORGET)
"""The jobs that the worker is asked to do here."""


@pytest.fixture
def learner(app: Flask) -> FlaskClient:
    return another(app)


def another(app: Flask) -> FlaskClient:
    """Return the browser of a new learner."""
    with app.app_context():
        return sign_in(app.test_client(), build_learner()[0])


def begun(browser: FlaskClient, data: bytes, name: str = "clip.mp4") -> dict[str, object]:
    said = {"name": name, "size": len(data), "modified": "1"}
    sent = browser.post("/uploads", data=said, headers=JSON)
    assert sent.status_code == 201, sent.text
    answer: dict[str, object] = sent.json
    return answer


def send(browser: FlaskClient, upload: object, data: bytes, offset: int) -> TestResponse:
    return browser.post(
        f"/uploads/{upload}?offset={offset}",
        data=data[offset : offset + PIECE_BYTES],
        content_type="application/octet-stream",
        headers=JSON,
    )


def sent_whole(browser: FlaskClient, data: bytes, name: str = "clip.mp4") -> TestResponse:
    """Return the answer to the completion of a file that is sent piece by piece."""
    upload = begun(browser, data, name)["id"]
    for offset in range(0, len(data), PIECE_BYTES):
        assert send(browser, upload, data, offset).status_code == 200
    return browser.post(f"/uploads/{upload}/complete", headers=JSON)


def large_film(pieces: float = 3.5) -> bytes:
    return film(extra=box(b"free", CANARY, bytes(int(pieces * PIECE_BYTES))))


def test_cut_off_and_resumed_with_a_receipt_that_matches(learner: FlaskClient) -> None:
    data = large_film()
    first = begun(learner, data)
    assert (first["received"], first["piece_bytes"]) == (0, PIECE_BYTES)
    for offset in (0, PIECE_BYTES):
        got = send(learner, first["id"], data, offset)
    assert got.json["received"] == 2 * PIECE_BYTES
    assert send(learner, first["id"], data, PIECE_BYTES).json["received"] == 2 * PIECE_BYTES
    again = begun(learner, data)  # the page was closed; the same file is chosen once more
    assert (again["id"], again["received"]) == (first["id"], 2 * PIECE_BYTES)
    assert learner.get(f"/uploads/{first['id']}").json["received"] == 2 * PIECE_BYTES
    early = learner.post(f"/uploads/{first['id']}/complete", headers=JSON)
    assert (early.status_code, early.json["received"]) == (409, 2 * PIECE_BYTES)
    wrong = send(learner, first["id"], data, 3 * PIECE_BYTES)
    assert (wrong.status_code, wrong.json["received"]) == (409, 2 * PIECE_BYTES)
    assert "2.1 of 3.7 MB" in learner.get("/me/artefacts").text
    for offset in (2 * PIECE_BYTES, 3 * PIECE_BYTES):
        assert send(learner, first["id"], data, offset).status_code == 200
    digest = hashlib.sha256(data).hexdigest()
    done = learner.post(f"/uploads/{first['id']}/complete", data={"sha256": digest}, headers=JSON)
    assert (done.status_code, done.json["sha256"], done.json["size"]) == (200, digest, len(data))
    assert learner.post(f"/uploads/{first['id']}/complete").json == done.json  # asked for twice
    page = learner.get("/me/artefacts").text
    assert digest in page
    assert "clip.mp4" in page
    whole = learner.get(f"/me/artefacts/{done.json['artefact']}")
    assert whole.data == data
    assert "clip." not in str(whole.headers)


def test_a_film_is_shown_without_who_made_it_and_can_be_sought_in(
    app: Flask, learner: FlaskClient
) -> None:
    data = large_film()
    at = f"/me/artefacts/{sent_whole(learner, data).json['artefact']}"
    assert learner.get(f"{at}/video").status_code == 404
    assert "Being prepared" in learner.get("/me/artefacts").text
    worker.run_all(app)
    assert f"{at}/video" in learner.get(f"{at}/seen").text
    whole = learner.get(f"{at}/video")
    assert (whole.status_code, len(whole.data)) == (200, len(data))
    assert CANARY not in whole.data
    assert PLACE not in whole.data
    some = learner.get(f"{at}/video", headers={"Range": "bytes=4-7"})
    assert (some.status_code, some.data) == (206, b"ftyp")
    assert some.headers["Content-Range"] == f"bytes 4-7/{len(data)}"
    assert (some.content_type, some.headers["X-Content-Type-Options"]) == ("video/mp4", "nosniff")
    rest = learner.get(f"{at}/video", headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content_length) == (206, 2 * PIECE_BYTES)
    end = learner.get(f"{at}/video", headers={"Range": "bytes=-3"})
    assert end.data == whole.data[-3:]
    beyond = learner.get(f"{at}/video", headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416


def test_without_scripts_a_form_takes_a_small_file(learner: FlaskClient) -> None:
    sent = learner.post("/me/artefacts", data={"file": (BytesIO(picture()), "me.jpg")})
    assert sent.status_code == 303
    page = learner.get("/me/artefacts").text
    assert "me.jpg" in page
    assert hashlib.sha256(picture()).hexdigest() in page
    refused = learner.post("/me/artefacts", data={"file": (BytesIO(b"<svg/>"), "a.svg")})
    assert refused.status_code == 422
    assert "only those are taken" in refused.text
    empty = learner.post("/me/artefacts", data={})
    assert (empty.status_code, "not empty" in empty.text) == (422, True)


def test_a_picture_is_seen_upright_and_without_its_camera(learner: FlaskClient) -> None:
    learner.post("/me/artefacts", data={"file": (BytesIO(picture()), "canary.jpg")})
    page = learner.get("/me/artefacts").text
    at = page.partition('href="/me/artefacts/')[2].partition('"')[0]
    seen = learner.get(f"/me/artefacts/{at}/picture")
    assert seen.content_type == "image/jpeg"
    assert CANARY not in seen.data
    assert "canary" not in str(seen.headers)
    assert "sandbox" in seen.headers["Content-Security-Policy"]


def test_another_learners_files_are_files_that_do_not_exist(
    app: Flask, learner: FlaskClient
) -> None:
    data, other = large_film(1.5), another(app)
    upload = begun(learner, data)["id"]
    done = sent_whole(learner, data, "other.mp4").json["artefact"]
    assert other.get(f"/uploads/{upload}").status_code == 404
    assert send(other, upload, data, 0).status_code == 404
    for part in ("complete", "discard"):
        assert other.post(f"/uploads/{upload}/{part}", headers=JSON).status_code == 404
    for part in ("", "/seen", "/picture", "/pages/1", "/video"):
        assert other.get(f"/me/artefacts/{done}{part}").status_code == 404
    assert other.post(f"/me/artefacts/{done}/remove").status_code == 404
    assert other.post("/me/artefacts", data={"artefact": done}).status_code == 404
    assert begun(other, data)["received"] == 0
    assert learner.get(f"/me/artefacts/{done}").status_code == 200


def test_what_is_too_large_is_refused_before_it_is_sent(learner: FlaskClient) -> None:
    said = {"name": "a.mp4", "size": 5_000_000_000}
    sent = learner.post("/uploads", data=said, headers=JSON)
    assert (sent.status_code, "200 MB" in sent.json["sentence"]) == (413, True)
    for size in ("0", "-1", "x", "9" * 400):
        said = {"name": "a.mp4", "size": size}
        assert learner.post("/uploads", data=said, headers=JSON).status_code == 422
    data = large_film(1.5)
    upload = begun(learner, data)["id"]
    for length, status in ((PIECE_BYTES + 1, 413), (PIECE_BYTES - 1, 422), (0, 411)):
        got = learner.post(
            f"/uploads/{upload}?offset=0",
            data=data[:length],
            content_type="application/octet-stream",
            headers=JSON,
        )
        assert got.status_code == status
    assert learner.get(f"/uploads/{upload}").json["received"] == 0
    assert learner.post(f"/uploads/{upload}", data=b"x").status_code == 422
    for offset in (-1, -(10**30), 10**30, "١", "1e9", "NaN", "0x0"):
        got = learner.post(f"/uploads/{upload}?offset={offset}", data=b"x", headers=JSON)
        assert got.status_code in {409, 422}, offset
    assert learner.get(f"/uploads/{upload}").json["received"] == 0


class Unread:
    """A body that may not be asked for."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("something read it")

    readline = read


@pytest.mark.parametrize(
    ("path", "kind", "length", "status"),
    [
        ("?offset=0", "multipart/form-data; boundary=x", 1000, 415),
        ("?offset=0", "application/x-www-form-urlencoded", 1000, 415),
        ("?offset=0", "multipart/form-data; boundary=x", 3_000_000, 413),
        ("?offset=0", "application/octet-stream", PIECE_BYTES + 1, 413),
        ("/complete", "multipart/form-data; boundary=x", 3_000_000, 413),
        ("/discard", "multipart/form-data; boundary=x", 3_000_000, 413),
        (None, "multipart/form-data; boundary=x", 3_000_000, 413),
    ],
)
@pytest.mark.parametrize("is_form_signed", [False, True])
def test_a_body_that_is_not_taken_is_refused_before_anything_reads_it(
    learner: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str | None,
    kind: str,
    length: int,
    status: int,
    is_form_signed: bool,
) -> None:
    upload = begun(learner, large_film(1.5))["id"]
    monkeypatch.setitem(learner.application.config, "WTF_CSRF_ENABLED", is_form_signed)
    monkeypatch.setitem(learner.application.config, "WTF_CSRF_CHECK_DEFAULT", is_form_signed)
    got = learner.post(
        "/uploads" if path is None else f"/uploads/{upload}{path}",
        environ_overrides={
            "CONTENT_LENGTH": str(length),
            "CONTENT_TYPE": kind,
            "wsgi.input": Unread(),
        },
    )
    assert got.status_code == status


def test_what_we_do_not_take_is_refused_with_its_first_piece(learner: FlaskClient) -> None:
    data = b"<html>" + bytes(3 * PIECE_BYTES)
    upload = begun(learner, data, "film.mp4")["id"]
    got = send(learner, upload, data, 0)
    assert (got.status_code, "only those are taken" in got.json["sentence"]) == (422, True)
    assert learner.get(f"/uploads/{upload}").status_code == 404  # it holds no place
    assert not storage_has(learner, uploads.piece_name(str(upload), 0))


def storage_has(browser: FlaskClient, name: str) -> bool:
    with browser.application.app_context():
        return storage.exists(name)


def test_a_cut_picture_is_refused_and_can_be_sent_anew(learner: FlaskClient) -> None:
    data = picture(size=(400, 300))[:2000]
    upload = begun(learner, data, "a.jpg")["id"]
    send(learner, upload, data, 0)
    got = learner.post(f"/uploads/{upload}/complete", headers=JSON)
    assert (got.status_code, "cut off" in got.json["sentence"]) == (422, True)
    assert learner.get(f"/uploads/{upload}").status_code == 404
    assert not storage_has(learner, uploads.piece_name(str(upload), 0))


def test_what_arrived_has_to_be_what_was_sent(learner: FlaskClient) -> None:
    data = picture()
    upload = begun(learner, data, "a.jpg")["id"]
    send(learner, upload, data, 0)
    said = {"sha256": hashlib.sha256(b"another").hexdigest()}
    got = learner.post(f"/uploads/{upload}/complete", data=said, headers=JSON)
    assert (got.status_code, "not the file" in got.json["sentence"]) == (422, True)


def test_whoever_completes_it_second_gets_the_first_ones_receipt(
    learner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, answers = picture(), []
    upload = begun(learner, data, "a.jpg")["id"]
    send(learner, upload, data, 0)
    whole, other = service.whole, learner.application.test_client()
    other._cookies = learner._cookies

    def overtaken(found: Upload) -> service.Whole:
        ready = whole(found)
        monkeypatch.setattr(service, "whole", whole)
        answers.append(other.post(f"/uploads/{upload}/complete", headers=JSON))
        return ready

    monkeypatch.setattr(service, "whole", overtaken)
    second = learner.post(f"/uploads/{upload}/complete", headers=JSON)
    assert (second.status_code, second.json) == (200, answers[0].json)


def test_only_so_many_at_once(learner: FlaskClient) -> None:
    data = large_film(1.5)
    first, *_others = [begun(learner, data, f"{n}.mp4")["id"] for n in range(uploads.MOST_OPEN)]
    said = {"name": "more.mp4", "size": len(data)}
    got = learner.post("/uploads", data=said, headers=JSON)
    assert (got.status_code, "Finish or discard one" in got.json["sentence"]) == (409, True)
    assert learner.post(f"/uploads/{first}/discard").status_code == 303
    assert learner.post("/uploads", data=said, headers=JSON).status_code == 201


def test_names_are_shown_as_text_and_tell_us_nothing(learner: FlaskClient) -> None:
    name = "\u202egpj.<script>alert(1)</script>\x07../../etc/x.jpg"
    sent = learner.post("/me/artefacts", data={"file": (BytesIO(picture()), name)})
    assert sent.status_code == 303
    page = learner.get("/me/artefacts").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_removed_files_are_gone(app: Flask, learner: FlaskClient) -> None:
    done = sent_whole(learner, picture(), "a.jpg").json["artefact"]
    with app.app_context():
        kept = [name for name in storage.current().names("artefacts") if str(done) in name]
    assert len(kept) == 2  # the picture and our copy
    assert learner.post(f"/me/artefacts/{done}/remove").status_code == 303
    worker.run_all(app)
    assert learner.get(f"/me/artefacts/{done}").status_code == 404
    assert not any(storage_has(learner, name) for name in kept)
