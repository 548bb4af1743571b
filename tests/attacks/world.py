"""A small world to attack: two institutions, two learners, staff, and every kind of record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.routing import Rule

from assessment.access import Actor, Role, system
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact, Readiness
from assessment.assessors.service import keep_comment
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import (
    Examination,
    build_bank,
    build_examination,
    build_learner,
    build_scale,
    build_test,
)
from assessment.demo.builders.observations import build_nomination
from assessment.demo.builders.people import build_institution, build_person, build_role, build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    build_rubric,
    build_task,
    claimed,
)
from assessment.demo.builders.projects import build_delivery, build_project
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.observations import service as observations
from assessment.observations.models import Asks
from assessment.people import service as people
from assessment.people import tickets
from assessment.people.models import Person, Purpose, RoleGrant
from assessment.performances import service as performances
from assessment.performances.handling import Handling, Observing
from assessment.projects import service as projects
from assessment.sittings import service as sittings
from tests.assessment.people.actors import actor_for
from tests.assessment.people.browser import sign_in
from tests.assessment.projects.conftest import token_sent
from tests.assessment.sittings.answers import answer, sit
from tests.attacks.rated import decided, trained

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
STAFF = (Role.REGISTRAR, Role.AUTHOR, Role.ADMINISTRATOR, Role.ASSESSOR)


@dataclass(frozen=True)
class Seen:
    """One page, as a browser got it."""

    path: str
    status: int
    headers: Headers
    text: str


@dataclass(frozen=True)
class World:
    """Ids of what there is; nothing of it is held in a database session."""

    app: Flask
    ada: str
    """Has passed both tests, holds a credential, and has begun the pre-test once more."""
    bob: str
    """Has begun the pre-test."""
    staff: str
    """Holds every role of the desks at the college, and has begun the pre-test as well."""
    stranger: str
    """The same at another institution."""
    sitting: str
    """Ada's open sitting of the pre-test."""
    bobs_sitting: str
    staffs_sitting: str
    scored: str
    award: str
    credential: str
    work: str
    """Ada's performance, handed in and being rated by staff."""
    values: dict[str, object] = field(default_factory=dict)
    """What stands for each argument of an address, where staff looks."""

    def browser(self, person_id: str) -> FlaskClient:
        """Return a new browser of this person."""
        with self.app.app_context():
            return sign_in(self.app.test_client(), db.session.get_one(Person, person_id))

    def rules(self) -> list[Rule]:
        """Return every rule of the application but those of packages' files."""
        found = self.app.url_map.iter_rules()
        return [rule for rule in found if not rule.endpoint.endswith("static")]

    def path(self, rule: Rule, **changed: object) -> str:
        """Return an address of `rule` that leads to something."""
        values = {
            name: changed.get(name, self.values.get(f"{rule.endpoint}:{name}", self.values[name]))
            for name in rule.arguments
        }
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **values)  # type: ignore[arg-type]  # any values

    def pages(self) -> Iterator[str]:
        """Yield an address of every rule that is read."""
        for rule in self.rules():
            if "GET" in (rule.methods or ()):
                yield self.path(rule)

    def crawl(self) -> list[Seen]:
        """Return every page, as staff and as a visitor get it, and some that are not there."""
        wanted = [*self.pages(), f"/sittings/{self.staffs_sitting}/questions/2", "/nowhere"]
        return [
            Seen(path, got.status_code, got.headers, got.get_data().decode(errors="replace"))
            for browser in (self.browser(self.staff), self.app.test_client())
            for path in wanted
            for got in [browser.get(path)]
        ]

    def forms(self) -> Iterator[str]:
        """Yield an address of every rule that changes something."""
        for rule in self.rules():
            if (rule.methods or set()) - SAFE_METHODS:
                yield self.path(rule)


def build_world(app: Flask) -> World:
    """Return the world, committed."""
    with app.app_context():
        made = build_examination()
        build_scale(db.session.scalars(select(Bank).filter_by(key=made.bank_key)).one())
        _practice(made)
        (ada, ada_acts), (bob, _bob_acts) = build_learner(), build_learner()
        staff = build_staff(STAFF[0], made.institution)
        for role in STAFF[1:]:
            build_role(staff, role, made.institution)
        scored = sit("pre", ada_acts).sitting.id
        award = sit("post", ada_acts).awards[0].id
        credential = db.session.scalars(select(Credential.id).filter_by(subject_id=award)).one()
        world = World(
            app,
            ada=ada.id,
            bob=bob.id,
            staff=staff.id,
            stranger=_stranger().id,
            sitting=_begun(made, ada),
            bobs_sitting=_begun(made, bob),
            staffs_sitting=_begun(made, staff),
            scored=scored,
            award=award,
            credential=credential,
            work=_work(made, ada_acts),
        )
        world.values.update(_values(world, made, ada, staff))
        world.values.update(_works(staff))
        world.values.update(_project(made, staff))
        world.values.update(decided(made))
        world.values.update(trained(made, staff))
        db.session.commit()
        return world


def _practice(made: Examination) -> None:
    build_bank(made.institution, "drills")
    build_test(made.institution, "drills", "drill", is_practice=True)


def _work(made: Examination, actor: Actor) -> str:
    """Return a performance with a text, a picture, a film and a paper, handed in."""
    build_rubric(made.institution)
    begun = performances.begin(build_task(made.institution), actor)
    everywhere = dict.fromkeys(CRITERIA, "")
    performances.add_text(begun.id, "I did it so.", everywhere, actor)
    performances.add_file(begun.id, drawing(), "canary-name.png", everywhere, actor)
    _ready(performances.add_file(begun.id, FILM, "canary.mp4", everywhere, actor).artefact)
    _ready(performances.add_file(begun.id, b"%PDF-1.7", "canary.pdf", everywhere, actor).artefact)
    return performances.submit(begun.id, actor).id


def _works(staff: Person) -> dict[str, object]:
    """Return what staff rates, and what they show themselves: a picture, not handed in."""
    actor = actor_for(staff)
    place = claimed(actor)
    task = performances.current_task("show-isolation")
    assert task is not None
    own = performances.begin(task, actor)
    everywhere = dict.fromkeys(CRITERIA, "")
    shown = performances.add_file(own.id, drawing(), "a.png", everywhere, actor)
    _text, picture, film, paper = (each.artefact_id for each in place.performance.shown)
    return {
        "task_key": task.key,
        "performance_id": own.id,
        **_files(actor),
        "artefact_id": shown.artefact_id,
        "assignment_id": place.id,
        "rubric_key": "isolation",
        "comment_id": keep_comment("isolation", "Show the tag.", "en", actor).id,
        "performances.tasks:key": "wiring-course",
        "assessors.picture:artefact_id": picture,
        "assessors.sheet:artefact_id": paper,
        "assessors.film:artefact_id": film,
    }


def _files(actor: Actor) -> dict[str, object]:
    """Return a film and a paper that staff keep, ready to be seen, and a film on its way."""
    learner_id = actor.learner_id or ""
    film = _ready(artefacts.store_small_file(learner_id, FILM, "canary.mp4", actor))
    paper = _ready(artefacts.store_small_file(learner_id, b"%PDF-1.7", "canary.pdf", actor))
    coming = artefacts.begin(artefacts.Announced("canary.mov", 9_000_000), actor)
    return {
        "upload_id": coming.id,
        "artefacts.video:artefact_id": film.id,
        "artefacts.page:artefact_id": paper.id,
    }


def _ready(artefact: Artefact) -> Artefact:
    """Return a film or a paper, as if the copies to show had been made."""
    artefact.shown_key, artefact.pages = artefact.storage_key, [artefact.storage_key]
    artefact.readiness = Readiness.READY
    return artefact


def _project(made: Examination, staff: Person) -> dict[str, object]:
    """Return a project that staff keep, and have delivered for."""
    actor, handling = actor_for(staff), Handling(projects=True, observers=Observing(invited=True))
    task = build_task(made.institution, "for-projects", handling=handling)
    project, learner_id = build_project(task.key, actor, seats=2), actor.learner_id or ""
    picture = artefacts.store_small_file(learner_id, drawing(), "canary-delivered.png", actor)
    film = _ready(artefacts.store_small_file(learner_id, FILM, "canary-delivered.mp4", actor))
    paper = artefacts.store_small_file(learner_id, b"%PDF-1.7 ", "canary-delivered.pdf", actor)
    given = (picture.id, film.id, _ready(paper).id)
    part, token = build_delivery(project, actor, *given), observations.token_of(project.nonce)
    performance = projects.performance_of(part)
    named = build_nomination(performance, actor, "rosa@lantern-motors.example")
    asked = observations.token_of(named.nonce)
    contact = build_nomination(performance, actor, "office@lantern-motors.example", asks=Asks.WHO)
    who = observations.token_of(contact.nonce)
    shared = build_project(task.key, actor, seats=2)
    projects.join(shared.id, actor)
    link = token_sent(lambda: projects.invite_mate(shared.id, "mate@example.org", "en", actor))
    return {
        **dict.fromkeys(("projects.team_link:token", "projects.join_team:token"), link),
        "invitation_id": new_id(),  # to be taken back: nothing is read at its address
        "projects.team_picture:artefact_id": picture.id,
        "projects.team_film:artefact_id": film.id,
        "projects.team_sheet:artefact_id": paper.id,
        "project_id": project.id,
        "part_id": part.id,
        "nomination_id": named.id,
        "observation_id": new_id(),  # a call to make: nothing is read at its address
        "appeal_id": new_id(),  # an appeal to take back: nothing is read at its address
        **{f"projects.{each}:token": token for each in EMPLOYER_PAGES},
        "projects.picture:artefact_id": picture.id,
        "projects.film:artefact_id": film.id,
        "projects.sheet:artefact_id": paper.id,
        **{f"observations.{each}:token": asked for each in OBSERVER_PAGES},
        **{f"observations.{each}:token": who for each in CONTACT_PAGES},
    }


EMPLOYER_PAGES = ("brief", "propose", "rate", "send", "picture", "sheet", "film")
CONTACT_PAGES = ("who", "names", "named_thanks")
OBSERVER_PAGES = ("first", "answer", "form", "send", "thanks", "keep")


FILM = b"\0\0\0\x10ftypisom\0\0\0\0"


def drawing() -> bytes:
    """Return a small picture."""
    target = BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "PNG")
    return target.getvalue()


def _stranger() -> Person:
    elsewhere = build_institution("elsewhere")
    build_bank(elsewhere, "others")
    build_test(elsewhere, "others", "foreign")
    person = build_person()
    for role in STAFF:
        build_role(person, role, elsewhere)
    return person


def _begun(made: Examination, person: Person) -> str:
    actor = actor_for(person)
    begun = sittings.begin(made.pre, actor)
    answer(begun, 1, actor)
    return begun.id


def _values(world: World, made: Examination, ada: Person, staff: Person) -> dict[str, object]:
    invited = tickets.issue(
        Purpose.INVITATION,
        "grace@example.org",
        "en",
        institution_id=made.institution.id,
        role=Role.ASSESSOR,
        issued_by_id=staff.id,
    )
    reset = tickets.issue(Purpose.RESET, ada.email, "en", person_id=ada.id)
    confirm = tickets.issue(Purpose.CONFIRMATION, ada.email, "en", person_id=ada.id)
    assessor = build_staff(Role.ASSESSOR, made.institution)
    grant = db.session.scalars(select(RoleGrant.id).filter_by(person_id=assessor.id)).one()
    people.lock_learner(ada.learner_id)
    hold = evidence.place_hold(ada.learner_id, "other", "A reason.", system("test"))
    pool = items.pool(made.pre)
    return {
        "achievement_key": "wiring-course",
        "award_id": world.award,
        "credential_id": world.credential,
        "drawing": "information",
        "grant_id": grant,
        "hold_id": hold.id,
        "institution_key": "college",
        "item_key": pool.items[0].id,
        "key": "wiring",
        "catalogue.achievement:key": "wiring-course",
        "catalogue.institution:key": "college",
        "learner_id": ada.learner_id,
        "number": 1,
        "person_id": ada.id,
        "position": 1,
        "sitting_id": world.staffs_sitting,
        "test_key": "pre",
        "sittings.practice:test_key": "drill",
        "sittings.practice_start:test_key": "drill",
        "sittings.practice_question:test_key": "drill",
        "sittings.practice_answer:test_key": "drill",
        "sittings.practice_figure:test_key": "drill",
        "sittings.practice_summary:test_key": "drill",
        "ticket_id": invited.id,
        "token": tickets.token_of(reset.id),
        "people.confirm:token": tickets.token_of(confirm.id),
        "people.invitation:token": tickets.token_of(invited.id),
        "people.accept_invitation:token": tickets.token_of(invited.id),
    }
