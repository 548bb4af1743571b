"""Files in a delivery: added, taken out and delivered; and what a link shows of them."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact, Readiness
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import build_task
from assessment.demo.builders.projects import build_delivery, build_project
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.jobs import worker
from assessment.performances import service as performances
from assessment.performances.handling import EvidenceKind, Handling
from assessment.projects import files, service
from assessment.projects.models import Participation
from tests.assessment.artefacts.files import CANARY, PLACE, film, paper, picture
from tests.assessment.artefacts.test_views import sent_whole
from tests.assessment.projects.conftest import Yard
from tests.assessment.projects.test_views import Walk

NAME = "canary-lea.jpg"


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def kept(actor: Actor, data: bytes | None = None, name: str = NAME) -> Artefact:
    data = picture() if data is None else data
    return artefacts.store_small_file(actor.learner_id or "", data, name, actor)


def joined(walk: Walk) -> str:
    """Return the address of a project that the learner has joined."""
    at = walk.published()
    walk.learner.post(at)
    return at


def sent(walk: Walk, at: str, data: bytes, name: str) -> None:
    """Send a file in pieces, and add it."""
    artefact_id = sent_whole(walk.learner, data, name).json["artefact"]
    added = walk.learner.post(f"{at}/files", data={"artefact": artefact_id})
    assert added.location == f"{at}/files"


def artefact_ids(walk: Walk) -> list[str]:
    with walk.app.app_context():
        part = db.session.scalars(select(Participation)).one()
        return [each.id for each in service.files_of(part)]


def test_an_employer_sees_our_copies_and_nothing_else(walk: Walk) -> None:
    at = joined(walk)
    sent(walk, at, picture(), NAME)
    sent(walk, at, film(), "canary-lea.mp4")
    sent(walk, at, paper(2), "canary-lea.pdf")
    worker.run_all(walk.app)
    image, clip, sheets = artefact_ids(walk)
    early = f"{walk.rating()}/pictures/{image}"
    assert walk.employer.get(early).status_code == 404
    walk.learner.post(f"{at}/delivery", data={"text": "See the files."})
    page = walk.employer.get(walk.rating()).text
    assert "canary-lea" not in page
    paths = [f"/pictures/{image}", f"/films/{clip}", f"/sheets/{sheets}/1", f"/sheets/{sheets}/2"]
    for path in paths:
        assert walk.rating() + path in page
        seen = walk.employer.get(walk.rating() + path)
        assert seen.status_code == 200
        assert "sandbox" in seen.headers["Content-Security-Policy"]
        assert "canary" not in str(seen.headers)
        assert CANARY not in seen.data
        assert PLACE not in seen.data
    for path in (f"/sheets/{sheets}/3", f"/pictures/{clip}", f"/films/{image}"):
        assert walk.employer.get(walk.rating() + path).status_code == 404
    assert walk.employer.get(f"/me/artefacts/{image}").status_code != 200


def test_a_link_shows_no_file_of_another_delivery(yard: Yard) -> None:
    mine, (_person, other) = kept(yard.learns), build_learner()
    parked, theirs = kept(yard.learns, picture(size=(50, 40))), kept(other)
    project = yard.project(seats=2)
    part = build_delivery(project, yard.learns, mine.id)
    others = build_delivery(project, other, theirs.id)
    token = yard.link(project)
    assert service.delivered_file(token, part.id, mine.id).id == mine.id
    for held, artefact in ((part, theirs), (others, mine), (part, parked)):
        with pytest.raises(NoSuchRecord):
            service.delivered_file(token, held.id, artefact.id)
    elsewhere = build_project(yard.task.key, yard.keeps)
    with pytest.raises(NoSuchRecord):
        service.delivered_file(yard.link(elsewhere), part.id, mine.id)


def test_nobody_adds_what_is_not_theirs(walk: Walk) -> None:
    at = joined(walk)
    theirs = sent_whole(walk.other, picture(), NAME).json["artefact"]
    assert walk.learner.post(f"{at}/files", data={"artefact": theirs}).status_code == 404
    assert walk.other.get(f"{at}/files").status_code == 404
    assert walk.other.post(f"{at}/files", data={"artefact": theirs}).status_code == 404
    sent(walk, at, picture(), NAME)
    (mine,) = artefact_ids(walk)
    assert walk.other.post(f"{at}/files/{mine}/remove").status_code == 404
    assert artefact_ids(walk) == [mine]


def test_without_scripts_a_form_takes_a_file_and_says_what_is_wrong(walk: Walk) -> None:
    at = joined(walk)
    added = walk.learner.post(f"{at}/files", data={"file": (BytesIO(picture()), NAME)})
    assert added.status_code == 303
    assert NAME in walk.learner.get(f"{at}/files").text
    refused = walk.learner.post(f"{at}/files", data={"file": (BytesIO(b"<svg/>"), "a.svg")})
    assert (refused.status_code, "only those are taken" in refused.text) == (422, True)
    (mine,) = artefact_ids(walk)
    assert walk.learner.post(f"{at}/files/{mine}/remove").status_code == 303
    assert artefact_ids(walk) == []
    assert NAME in walk.learner.get("/me/artefacts").text  # it is still theirs


def test_what_is_typed_is_kept_while_files_are_added(walk: Walk) -> None:
    at = joined(walk)
    drafted = walk.learner.post(f"{at}/draft", data={"text": "I isolated it so."})
    assert drafted.location == f"{at}/files"
    assert "I isolated it so." in walk.learner.get(f"{at}/mine").text
    assert "I isolated it so." not in walk.employer.get(walk.rating()).text
    long = walk.learner.post(f"{at}/draft", data={"text": "y" * 20_001})
    assert (long.status_code, "y" * 20_001 in long.text) == (422, True)
    assert walk.learner.post(f"{at}/draft", data={"text": " "}).status_code == 303
    assert "I isolated it so." not in walk.learner.get(f"{at}/mine").text


def shown_in(part: Participation) -> set[str]:
    return {each.artefact_id for each in service.performance_of(part).shown}


def test_files_are_evidence_as_well_and_stay(yard: Yard) -> None:
    first, second = kept(yard.learns), kept(yard.learns, picture(size=(50, 40)))
    project = yard.project()
    part = service.join(project.id, yard.learns)
    only = {performances.policy_of(yard.task).shown[0].key: "on the left"}
    performances.attach_own(part.performance_id, second.id, only, yard.learns)
    for each in (first, second, first):
        service.add_file(project.id, each.id, yard.learns)
    service.deliver(project.id, service.Typed.of("See the files."), yard.learns)
    assert {first.id, second.id} < shown_in(part)
    pieces = {each.artefact_id: each for each in service.performance_of(part).shown}
    assert pieces[second.id].anchors == only
    assert [each.id for each in service.files_of(part)] == [first.id, second.id]
    with pytest.raises(Conflict, match="part of work"):
        artefacts.remove_parked(part.learner_id, first.id, yard.learns)
    for change in (service.add_file, service.take_out):
        with pytest.raises(Conflict, match="delivered already"):
            change(project.id, first.id, yard.learns)
    with pytest.raises(Conflict, match="delivered already"):
        service.draft(project.id, service.Typed.of("Another."), yard.learns)


def test_what_nobody_could_look_at_is_not_delivered(yard: Yard) -> None:
    project, broken = yard.project(), kept(yard.learns, paper())
    part = service.join(project.id, yard.learns)
    service.add_file(project.id, broken.id, yard.learns)
    with pytest.raises(Invalid, match=r"File 1 is still being prepared\. Wait"):
        service.deliver(project.id, service.Typed.of("See the file."), yard.learns)
    broken.readiness, broken.why_not = Readiness.IMPOSSIBLE, "locked"
    db.session.flush()
    with pytest.raises(Invalid, match=r"look at file 1\. This file asks for a password"):
        service.deliver(project.id, service.Typed.of("See the file."), yard.learns)
    service.take_out(project.id, broken.id, yard.learns)
    service.deliver(project.id, service.Typed.of("There is none."), yard.learns)
    assert part.delivered_at is not None


def test_a_delivery_takes_what_the_task_takes_and_so_many(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = (EvidenceKind.TEXT, EvidenceKind.PICTURE)
    narrow = build_task(
        yard.institution, "narrow", handling=Handling(projects=True, evidence=takes)
    )
    project = build_project(narrow.key, yard.keeps)
    part = service.join(project.id, yard.learns)
    document, first = kept(yard.learns, paper()), kept(yard.learns)
    written = artefacts.store_text(part.learner_id, "Words.", yard.learns)
    assert service.takes_files(part)
    assert [each.id for each in service.choosable(part)] == [first.id]
    for each in (document, written):
        with pytest.raises(Conflict, match="does not take evidence of this kind"):
            service.add_file(project.id, each.id, yard.learns)
    monkeypatch.setattr(files, "MOST_FILES", 1)
    service.add_file(project.id, first.id, yard.learns)
    with pytest.raises(Conflict, match="at most 1 files"):
        service.add_file(project.id, kept(yard.learns).id, yard.learns)


def test_who_leaves_has_their_files_back(yard: Yard) -> None:
    project, mine = yard.project(), kept(yard.learns)
    part = service.join(project.id, yard.learns)
    service.add_file(project.id, mine.id, yard.learns)
    assert artefacts.parked(part.learner_id) == []
    service.leave(project.id, yard.learns)
    assert artefacts.parked(part.learner_id) == [mine]


def seen_in(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.parametrize("step", ["draft", "delivery"])
def test_a_window_that_was_overtaken_gets_both_texts(walk: Walk, step: str) -> None:
    at = joined(walk)
    opened = seen_in(walk.learner.get(f"{at}/mine").text)
    first = walk.learner.post(f"{at}/draft", data={"text": "One way.", "seen": opened})
    assert first.status_code == 303
    stale = walk.learner.post(f"{at}/{step}", data={"text": "Another way.", "seen": opened})
    assert stale.status_code == 422
    assert "changed in another window" in stale.text
    assert "One way." in stale.text
    assert "Another way." in stale.text
    assert "One way." in walk.learner.get(f"{at}/mine").text
    now = seen_in(stale.text)
    again = walk.learner.post(f"{at}/{step}", data={"text": "Both ways.", "seen": now})
    assert again.status_code == 303
    page = walk.learner.get(f"{at}/mine").text
    assert "Both ways." in page
    assert "One way." not in page


def test_what_was_delivered_stays_where_work_is_withdrawn_and_forgotten(yard: Yard) -> None:
    project, mine = yard.project(), kept(yard.learns)
    only = kept(yard.learns, picture(size=(50, 40)))
    part = build_delivery(project, yard.learns, mine.id)
    everywhere = {each.key: "" for each in performances.policy_of(yard.task).shown}
    performances.attach_own(part.performance_id, only.id, everywhere, yard.learns)
    performances.withdraw(part.performance_id, yard.learns, forget=True)
    assert only.storage_key is None  # nothing else holds it
    found = service.delivered_file(yard.link(project), part.id, mine.id)
    assert found.given_back_at is None
    assert artefacts.shown(found).kind is artefacts.ShownAs.PICTURE
