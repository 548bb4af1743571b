"""The pages of messages, appeals and complaints: walks over HTTP, and what no page may say."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from assessment.access import Role
from assessment.demo.builders.people import build_role, build_staff
from assessment.demo.builders.performances import CRITERIA, build_performance
from assessment.extensions import db
from assessment.people.models import Institution, Person, RoleGrant
from assessment.people.service import actor_of
from assessment.performances import service
from assessment.performances.appeal_models import Appeal, Complaint, Message
from assessment.tables import metadata
from tests.assessment.people.browser import sign_in
from tests.assessment.performances.test_views import HOSTILE, Walk

LOW = {f"level-{key}": "developing" for key in CRITERIA}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def handed_in(walk: Walk) -> str:
    """Return the address of a text that was handed in."""
    with walk.app.app_context():
        person = db.session.get_one(Person, walk.learner_ids[0])
        task = service.current_task("show-isolation")
        assert task is not None
        made = build_performance(task, actor_of(person))
        db.session.commit()
        return f"/performances/{made.id}"


def rated(walk: Walk) -> str:
    """Return the address of work that two assessors have rated."""
    at = handed_in(walk)
    for place in (0, 1):
        taken = walk.taken(place)
        sent = walk.assessors[place].post(taken, data={**LOW, "go": "release"})
        assert sent.status_code == 303
    return at


def staff(walk: Walk, role: Role) -> FlaskClient:
    """Return the browser of somebody with a role at the institution."""
    with walk.app.app_context():
        institution = db.session.scalars(select(Institution).filter_by(key="workshop")).one()
        return sign_in(walk.app.test_client(), build_staff(role, institution))


def test_messages_go_both_ways_without_a_name(walk: Walk) -> None:
    at = handed_in(walk)
    taken = walk.taken(0)
    asker = walk.assessors[0]
    sent = asker.post(f"{taken}/messages", data={"text": f"Which tool? {HOSTILE}"})
    assert sent.status_code == 303
    page = walk.learner.get(f"{at}/messages", headers=ENGLISH)
    assert "Which tool? &lt;script&gt;" in page.text
    answered = walk.learner.post(f"{at}/messages", data={"text": "A wrench.", "answers": "1"})
    assert answered.status_code == 303
    for path in (taken, f"{taken}/messages"):
        assert "A wrench." in asker.get(path).text
    pages = [walk.learner.get(each).text for each in (at, f"{at}/messages")]
    for secret in (*walk.assessor_ids, *walk.assessor_names):
        assert all(secret not in each for each in pages)
    seen = asker.get(f"{taken}/messages").text
    assert all(each not in seen for each in (*walk.learner_ids, "Canary Learner"))


def test_what_was_typed_stays_where_it_is_refused(walk: Walk) -> None:
    at = handed_in(walk)
    long = "b" * 2_001
    refused = walk.learner.post(f"{at}/messages", data={"text": long}, headers=ENGLISH)
    assert (refused.status_code, long in refused.text) == (422, True)
    forged = {"text": "Kept words", "answers": "9"}
    refused = walk.learner.post(f"{at}/messages", data=forged, headers=ENGLISH)
    assert (refused.status_code, "Kept words" in refused.text) == (422, True)
    taken = walk.taken(0)
    refused = walk.assessors[0].post(f"{taken}/messages", data={"text": long})
    assert (refused.status_code, long in refused.text) == (422, True)
    walk.assessors[0].post(taken, data={**LOW, "go": "release"})
    late = walk.assessors[0].post(f"{taken}/messages", data={"text": "Late words"})
    assert (late.status_code, "Late words" in late.text) == (409, True)
    assert walk.assessors[1].post(f"{taken}/messages", data={"text": "x"}).status_code == 404
    with walk.app.app_context():
        assert db.session.scalars(select(Message)).all() == []


def test_an_appeal_reaches_somebody_else_only(walk: Walk) -> None:
    at = rated(walk)
    assert f"{at}/appeal" in walk.learner.get(at).text
    page = walk.learner.get(f"{at}/appeal", headers=ENGLISH)
    assert "that whole day included" in page.text
    why = {"reason-isolates": f"See 1:30. {HOSTILE}", "reason-tidies": ""}
    assert walk.learner.post(f"{at}/appeal", data=why).status_code == 303
    with walk.app.app_context():
        place = db.session.scalars(select(Appeal)).one().assignment_id
    for client in walk.assessors[:2]:
        assert client.post("/assessor/next").location == "/assessor"
        assert client.get(f"/assessor/{place}").status_code == 404
        assert client.post(f"/assessor/{place}", data=LOW | {"go": "release"}).status_code == 404
        assert client.get(f"/assessor/{place}/messages").status_code == 404
    taken = walk.taken(2)
    assert taken == f"/assessor/{place}"
    marking = walk.assessors[2].get(taken, headers=ENGLISH).text
    assert "See 1:30. &lt;script&gt;" in marking
    assert "The level that stands" in marking
    assert "level-tidies" not in marking
    found = {"level-isolates": "expert", "comment-isolates": "The lock is on.", "go": "release"}
    assert walk.assessors[2].post(taken, data=found).status_code == 303
    result = walk.learner.get(at, headers=ENGLISH).text
    assert "It was Developing and is Expert now." in result
    assert "The lock is on." in result
    assert result.index("On appeal:") < result.index("The lock is on.")
    for secret in (*walk.assessor_ids, *walk.assessor_names):
        assert secret not in result


def test_a_refused_appeal_keeps_its_reasons(walk: Walk) -> None:
    at = rated(walk)
    empty = walk.learner.post(f"{at}/appeal", data={"reason-isolates": " "}, headers=ENGLISH)
    assert empty.status_code == 422
    assert "Say for at least one criterion" in empty.text
    long = {"reason-isolates": "c" * 2_001, "reason-tidies": "Kept words"}
    refused = walk.learner.post(f"{at}/appeal", data=long, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Kept words" in refused.text
    assert "c" * 2_001 in refused.text
    walk.learner.post(f"{at}/appeal", data={"reason-isolates": "See 1:30."})
    again = walk.learner.post(f"{at}/appeal", data={"reason-isolates": "Other words"})
    assert (again.status_code, "Other words" in again.text) == (409, True)
    stranger = walk.assessors[3].post(f"{at}/appeal", data={"reason-isolates": "Mine."})
    assert stranger.status_code == 404


def test_a_complaint_is_answered_and_no_assessor_sees_it(walk: Walk) -> None:
    at = rated(walk)
    said = {"matter": "conduct", "text": f"Canary complaint {HOSTILE}"}
    assert walk.learner.post(f"{at}/complaint", data=said).status_code == 303
    assert walk.learner.post(f"{at}/complaint", data=said).status_code == 303  # once
    with walk.app.app_context():
        made = db.session.scalars(select(Complaint)).one().id
    for client in walk.assessors:
        for path in ("/registrar/complaints", f"/registrar/complaints/{made}"):
            assert client.get(path).status_code == 403
        assert "Canary complaint" not in client.get("/assessor").text
    registrar = staff(walk, Role.REGISTRAR)
    page = registrar.get("/registrar/complaints", headers=ENGLISH).text
    assert f"/registrar/complaints/{made}" in page
    assert "Canary complaint &lt;script&gt;" in registrar.get(f"/registrar/complaints/{made}").text
    empty = registrar.post(f"/registrar/complaints/{made}", data={"text": ""})
    assert empty.status_code == 422
    sent = registrar.post(f"/registrar/complaints/{made}", data={"text": "We are sorry."})
    assert sent.status_code == 303
    late = registrar.post(f"/registrar/complaints/{made}", data={"text": "Other words"})
    assert (late.status_code, "Other words" in late.text) == (409, True)
    assert "We are sorry." in walk.learner.get(f"{at}/complaint").text


def test_a_registrar_who_rated_it_does_not_see_the_complaint(walk: Walk) -> None:
    at = rated(walk)
    walk.learner.post(f"{at}/complaint", data={"matter": "delay", "text": "Too slow."})
    with walk.app.app_context():
        made = db.session.scalars(select(Complaint)).one().id
        person = db.session.get_one(Person, walk.assessor_ids[0])
        institution = db.session.scalars(select(Institution).filter_by(key="workshop")).one()
        build_role(person, Role.REGISTRAR, institution)
        db.session.commit()
    assert made not in walk.assessors[0].get("/registrar/complaints").text
    assert walk.assessors[0].get(f"/registrar/complaints/{made}").status_code == 404


@pytest.mark.parametrize(
    "said", [{"text": "Kept words"}, {"text": "Kept words", "matter": "level"}, {"matter": "delay"}]
)
def test_a_complaint_says_what_is_wrong_with_it(walk: Walk, said: dict[str, str]) -> None:
    at = handed_in(walk)
    refused = walk.learner.post(f"{at}/complaint", data=said, headers=ENGLISH)
    assert refused.status_code == 422
    assert said.get("text", "") in refused.text
    with walk.app.app_context():
        assert db.session.scalars(select(Complaint)).all() == []


def test_a_role_that_was_taken_writes_and_answers_no_more(walk: Walk) -> None:
    at = handed_in(walk)
    walk.learner.post(f"{at}/complaint", data={"matter": "delay", "text": "Too slow."})
    taken = walk.taken(0)
    registrar = staff(walk, Role.REGISTRAR)
    assert registrar.get("/registrar/complaints").status_code == 200
    with walk.app.app_context():
        made = db.session.scalars(select(Complaint)).one().id
        db.session.execute(delete(RoleGrant))
        db.session.commit()
    asked = walk.assessors[0].post(f"{taken}/messages", data={"text": "Which tool?"})
    assert asked.status_code == 403
    sent = registrar.post(f"/registrar/complaints/{made}", data={"text": "No."})
    assert sent.status_code == 403
    with walk.app.app_context():
        assert db.session.scalars(select(Message)).all() == []


def test_looking_writes_nothing(walk: Walk) -> None:
    at = rated(walk)
    with walk.app.app_context():
        before = counts()
    for path in (at, f"{at}/appeal", f"{at}/complaint", f"{at}/messages"):
        assert walk.learner.get(path).status_code == 200
    with walk.app.app_context():
        assert counts() == before


def counts() -> dict[str, int]:
    """Return how many rows each table has, but for what a visit itself leaves."""
    tables = [each for each in metadata.sorted_tables if each.name not in {"sign_in", "session"}]
    return {
        each.name: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables
    }


def test_the_registrars_lists_lead_on(walk: Walk) -> None:
    at = rated(walk)
    appealed = {"criterion": CRITERIA[0], f"reason-{CRITERIA[0]}": "Look at the film again."}
    assert walk.learner.post(f"{at}/appeal", data=appealed).status_code == 303
    said = {"matter": "delay", "text": "I waited for weeks."}
    assert walk.learner.post(f"{at}/complaint", data=said).status_code == 303
    registrar = staff(walk, Role.REGISTRAR)
    desk = registrar.get("/registrar", headers=ENGLISH).text
    for name in ("appeals", "complaints"):
        way = f'<a href="/registrar/{name}">{name.title()}</a> <span class="waits">1 waits'
        assert way in desk
    appeals = registrar.get("/registrar/appeals", headers=ENGLISH).text
    assert '<a href="/tasks/show-isolation">' in appeals
    with walk.app.app_context():
        (made,) = db.session.scalars(select(Appeal))
        piece = f"/registrar/evidence/{made.resolution.evidence_id}"
        (complaint,) = db.session.scalars(select(Complaint.id))
    answering = registrar.get(f"/registrar/complaints/{complaint}", headers=ENGLISH).text
    assert f'<a href="{piece}">' in appeals
    assert f'<a href="{piece}">' in answering
    assert '<a href="/registrar">Awards and credits</a>' in answering
    assert registrar.get(piece).status_code == 200
    registrar.post("/language", data={"language": "fr"})
    assert registrar.get("/registrar").text.count("1 en attente") == 2
    assert "Le résultat, et qui l’a évalué" in registrar.get("/registrar/appeals").text


def test_an_assessor_who_may_take_an_appeal_is_led_to_no_name(walk: Walk) -> None:
    at = rated(walk)
    appealed = {"criterion": CRITERIA[0], f"reason-{CRITERIA[0]}": "Look at the film again."}
    walk.learner.post(f"{at}/appeal", data=appealed)
    with walk.app.app_context():
        institution = db.session.scalars(select(Institution).filter_by(key="workshop")).one()
        both = build_staff(Role.REGISTRAR, institution)
        build_role(both, Role.ASSESSOR, institution)
        browser = sign_in(walk.app.test_client(), both)
    page = browser.get("/registrar/appeals", headers=ENGLISH).text
    assert '<a href="/tasks/show-isolation">' in page
    assert "/registrar/evidence/" not in page
