"""A full run planted with canaries: nobody learns who the other is, nor marks before their time."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image
from werkzeug.test import TestResponse

from assessment import clock
from assessment.access import Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import CRITERIA, build_workshop
from assessment.extensions import db
from assessment.jobs import worker
from assessment.operation import startup
from tests.conftest import DATABASES, build_app
from tests.walks.people import signed_in

FILE = "canary-of-a-file"
LINK = re.compile(r'(?:href|src|action)="(/(?:assessor|performances|me|awards|tasks)[^"#]*)"')
LOW = dict.fromkeys((f"level-{key}" for key in CRITERIA), "beginning")
HIGH = dict.fromkeys((f"level-{key}" for key in CRITERIA), "expert")
MIDDLE = dict.fromkeys((f"level-{key}" for key in CRITERIA), "proficient")


@dataclass
class Party:
    """Somebody in the run: their browser, what would betray them, and all that they were told."""

    id: str
    secrets: tuple[str, ...]
    address: str
    browser: FlaskClient
    heard: list[tuple[str, str]] = field(default_factory=list)

    def hear(self, where: str, answer: TestResponse) -> TestResponse:
        """Remember the whole of a response, headers included."""
        self.heard.append((where, f"{answer.headers}\n{answer.data.decode('latin-1')}"))
        return answer

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.hear(path, self.browser.get(path))

    def post(self, path: str, data: Mapping[str, object], **how: object) -> TestResponse:
        """Send a form."""
        return self.hear(path, self.browser.post(path, data=data, **how))

    def look_around(self, *starts: str) -> None:
        """Open pages, in both languages and as data, and all that they lead to."""
        pages = [self.get(start).text for start in starts]
        found = {path.replace("&amp;", "&") for page in pages for path in LINK.findall(page)}
        for path in sorted(found - set(starts)):
            self.get(path)
        for start in starts:
            self.hear(start, self.browser.get(start, headers={"Accept": "application/json"}))
        self.post("/language", {"language": "fr", "next": "/"})
        for start in starts:
            self.get(start)
        self.post("/language", {"language": "en", "next": "/"})

    def told(self, *secrets: str) -> list[tuple[str, str]]:
        """Return where one of these was said to them."""
        return [(where, each) for where, text in self.heard for each in secrets if each in text]


@dataclass
class Run:
    """One learner and five assessors, on a database of their own."""

    app: Flask
    learner: Party
    assessors: list[Party]
    outbox: Path

    @property
    def everybody(self) -> tuple[Party, ...]:
        """Who is sent mail."""
        return (self.learner, *self.assessors)

    def mails(self) -> None:
        """Do what waits, and will in an hour, and let everybody hear the mails they were sent."""
        later = clock.now() + timedelta(hours=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: later)
            worker.run_all(self.app)
        for path in sorted(self.outbox.iterdir()) if self.outbox.exists() else ():
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for party in self.everybody:
                if party.address in str(message["To"]):
                    party.heard.append((f"mail {message['Subject']}", message.get_content()))
            path.unlink()


@pytest.fixture(params=DATABASES)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    startup.load_duties()
    app = build_app(request.param, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        made = build_workshop(assessors=0)
        names = [
            build_staff(
                Role.ASSESSOR,
                made.institution,
                display_name=f"Canary Assessor {n}",
                email=f"canary-assessor-{n}@example.org",
            )
            for n in "ABCDE"
        ]
        person, actor = build_learner(
            display_name="Canary Learner", email="canary-learner@example.org"
        )
        ids = [(each.id, each.display_name, each.email) for each in names]
        learner = (person.id, actor.learner_id or "", person.display_name, person.email)
        db.session.commit()
    return Run(
        app,
        Party(learner[0], learner, learner[3], signed_in(app, learner[0])),
        [Party(each[0], each, each[2], signed_in(app, each[0])) for each in ids],
        tmp_path / "outbox",
    )


def photograph() -> bytes:
    """Return a picture that says whose camera took it."""
    target = BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = f"{FILE} camera", "Canary Learner"
    Image.new("RGB", (30, 20), "red").save(target, "JPEG", exif=exif, comment=b"Canary Learner")
    return target.getvalue()


def document() -> bytes:
    """Return a document that says who wrote it."""
    target = BytesIO()
    with PdfPages(target, metadata={"Author": "Canary Learner", "Title": FILE}) as pages:
        pages.savefig(Figure(figsize=(2, 2)))
    return target.getvalue()


def handed_in(run: Run) -> str:
    learner = run.learner
    at: str = learner.post("/tasks/show-isolation", {}).location
    everything = {"criterion": list(CRITERIA)}
    learner.post(f"{at}/texts", {"text": "I did it so.", **everything})
    for name, data in ((f"{FILE}.jpg", photograph()), (f"{FILE}.pdf", document())):
        sent = learner.post(f"{at}/files", {"file": (BytesIO(data), name), **everything})
        assert sent.status_code == 303, sent.text
    run.mails()  # and pages are drawn
    sent = learner.post(f"{at}/submit", {"declared": "y", "others": "y"})
    assert sent.status_code == 303, sent.text
    run.mails()
    return at


def taken(assessor: Party) -> str:
    location: str = assessor.post("/assessor/next", {}).location
    assert location != "/assessor"
    return location


def marked(run: Run, place: int, at: str, page_of: str, marks: dict[str, str]) -> None:
    """Let an assessor enter marks and comments, look at all there is, and release them."""
    one = run.assessors[place]
    page = one.get(page_of).text
    asked = [key for key in CRITERIA if f'name="level-{key}"' in page]
    marks = {f"level-{key}": marks[f"level-{key}"] for key in asked}
    said = {f"comment-{key}": f"canary-comment-{place}" for key in asked}
    for go in ("save", "check"):
        one.post(page_of, {**marks, **said, "go": go})
    one.look_around("/assessor", page_of, f"{page_of}/check", f"{page_of}/skip")
    one.post(page_of, {**marks, **said, "revision": "0", "level-tidies": "developing"})  # 409
    one.post(page_of, {**marks, "comment-tidies": "x" * 5001})  # 422
    run.learner.look_around(at, "/me")
    others = [each for each in run.assessors if each is not one]
    for other in others:
        assert other.get(page_of).status_code in {403, 404}
        other.get(f"{page_of}/check")
    released = one.post(page_of, {**marks, **said, "go": "release"})
    assert released.location == "/assessor", released.text
    one.look_around("/assessor", page_of)
    run.mails()


def test_a_full_run_betrays_nobody(run: Run) -> None:
    at = handed_in(run)
    one, two, three = run.assessors[:3]
    first, second = taken(one), taken(two)
    marked(run, 0, at, first, LOW)
    run.learner.look_around(at, "/me")
    assert run.learner.told("canary-comment") == []  # one is in, the other is not
    two.look_around(second)
    assert two.told("canary-comment") == []
    marked(run, 1, at, second, HIGH)
    assert run.learner.told("canary-comment") == []  # they differ: a third is asked
    third = taken(three)
    three.look_around("/assessor", third)
    assert three.told("canary-comment") == []
    marked(run, 2, at, third, MIDDLE)
    decided = decides(run, at)
    run.learner.look_around(at, "/me")
    assert run.learner.told("canary-comment-0") != []  # once all of it is decided
    for number, assessor in enumerate(run.assessors):
        named = [each for other in run.assessors if other is not assessor for each in other.secrets]
        assert assessor.told(*named, *run.learner.secrets) == []
        assert assessor.told(FILE, "Canary Learner", at) == []
        if number != decided:
            unseen = {f"canary-comment-{n}" for n in range(5)} - {f"canary-comment-{number}"}
            assert assessor.told(*unseen) == []
    assert any("/sheets/" in where for where, _text in one.heard)
    assert any(where.startswith("mail") for where, _text in run.learner.heard)
    assert any(where.startswith("mail") for where, _text in run.assessors[4].heard)
    betrayals = [each for assessor in run.assessors for each in assessor.secrets]
    assert run.learner.told(*betrayals, "/assessor/") == []


def decides(run: Run, at: str) -> int | None:
    """Return who settled what three could not, if it came to that; they see marks, and no names."""
    fourth = run.assessors[3].post("/assessor/next", {}).location
    if fourth == "/assessor":
        return None
    run.assessors[3].look_around(fourth)
    assert run.assessors[3].told("canary-comment-0") != []
    marked(run, 3, at, fourth, MIDDLE)
    return 3


def test_the_canaries_are_there(run: Run) -> None:
    """What the run looks for is what the files and the people do carry."""
    assert b"Canary Learner" in photograph()
    assert FILE.encode() in document() or b"Author" in document()
    run.learner.look_around("/me")
    assert run.learner.told("Canary Learner") != []
