"""Work that is shown and rated, attacked: other people's ids, nested ids, marks without leave."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from assessment.demo.builders.performances import CRITERIA
from assessment.extensions import db
from assessment.ids import new_id
from assessment.performances.models import Assignment, Attachment
from tests.attacks.rows import body_without, entries, everything
from tests.attacks.world import World

GOOD = {f"level-{key}": "proficient" for key in CRITERIA} | {"go": "release"}
TEXT = {"text": "Mine now.", "criterion": list(CRITERIA), "declared": "y"}


def _artefact(world: World) -> str:
    """Return the id of a piece of Ada's evidence."""
    with world.app.app_context():
        return db.session.scalars(
            select(Attachment.artefact_id).filter_by(performance_id=world.work)
        ).all()[0]


def test_line_1_another_learners_work_is_work_that_does_not_exist(world: World) -> None:
    browser, before, made_up = world.browser(world.bob), everything(world.app), new_id()
    artefact = _artefact(world)
    for path in ("/performances/%s", f"/performances/%s/artefacts/{artefact}"):
        refused = body_without(browser, path % world.work, world.work, made_up)
        assert refused[0] == 404
        assert refused == body_without(browser, path % made_up, world.work, made_up)
    for part in ("texts", "files", "submit", "withdraw", f"artefacts/{artefact}/remove"):
        data = {**TEXT, "file": (BytesIO(b"%PDF-1"), "a.pdf")} if part == "files" else TEXT
        sent = browser.post(f"/performances/{world.work}/{part}", data=data)
        assert sent.status_code == 404, part
    assert everything(world.app) == before
    assert len(entries(world.app, "access_denied")) == 9


def test_line_2_evidence_of_other_work_is_none_of_ones_own(world: World) -> None:
    theirs, own = _artefact(world), world.values["performance_id"]
    browser, before = world.browser(world.staff), everything(world.app)
    assert browser.get(f"/performances/{own}/artefacts/{theirs}").status_code == 404
    assert browser.post(f"/performances/{own}/artefacts/{theirs}/remove").status_code == 404
    mine = world.values["artefact_id"]
    for kind in ("pictures", "films"):  # of the place that they have, evidence of another
        path = f"/assessor/{world.values['assignment_id']}/{kind}/{mine}"
        assert browser.get(path).status_code == 404
    assert everything(world.app) == before


def test_line_5_nobody_rates_what_is_not_theirs_to_rate(world: World) -> None:
    with world.app.app_context():
        free = db.session.scalars(select(Assignment.id).filter_by(person_id=None)).one()
    place, before = world.values["assignment_id"], everything(world.app)
    for person, path, status in (
        (world.ada, place, 403),  # the learner, whose work it is
        (world.bob, place, 403),
        (world.stranger, place, 404),  # an assessor elsewhere
        (world.stranger, free, 404),
        (world.staff, free, 404),  # an assessor here, to whom it was never given
    ):
        browser = world.browser(person)
        assert browser.get(f"/assessor/{path}").status_code == status
        for data in (GOOD, {}):
            assert browser.post(f"/assessor/{path}", data=data).status_code == status
    assert everything(world.app) == before


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%b\r\n'
TICKED = b'--b\r\nContent-Disposition: form-data; name="criterion"\r\n\r\ntidies\r\n--b--\r\n'
MULTIPART = "multipart/form-data; boundary=b"


def test_line_30_a_file_that_is_too_large_is_refused(world: World) -> None:
    browser, own = world.browser(world.staff), world.values["performance_id"]
    files, texts = f"/performances/{own}/files", f"/performances/{own}/texts"
    before = everything(world.app)
    data = PART % (b"%PDF-" + bytes(5_000_000)) + TICKED
    assert browser.post(files, data=data, content_type=MULTIPART).status_code == 413
    for path, data in (
        (texts, {"text": "x" * 1_100_000, "criterion": "tidies"}),
        (files, {"file": (BytesIO(b"%PDF-"), "a.pdf"), **{f"n{n}": "x" for n in range(600)}}),
    ):
        assert browser.post(path, data=data).status_code == 413
    assert everything(world.app) == before
