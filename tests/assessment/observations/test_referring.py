"""Somebody at the employer names who saw the work: by a link that does only that, once."""

from __future__ import annotations

import html
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment.access import system
from assessment.audit.models import AuditBody
from assessment.extensions import db
from assessment.observations import naming
from assessment.observations.models import Asks, Nomination, Observation, Sign
from assessment.observations.service import token_of, void
from tests.assessment.observations.test_naming import sent, stopped, work_off
from tests.assessment.observations.test_views import HOSTILE, Walk
from tests.assessment.people.clocks import StoppedClock
from tests.conftest import DATABASES, build_app

__all__ = ["sent", "stopped"]
AT_ONCE = 4
CONTACT = "office@lantern-motors.example"
ROSA, SAM = "rosa.delgado@lantern-motors.example", "sam@lantern-motors.example"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


class Referral(Walk):
    """A learner who asked their employer who saw it, and the office's own browser."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.office: FlaskClient = app.test_client()
        self.office.environ_base.update(ELSEWHERE)
        answer = self.ask()
        assert answer.status_code == 303
        self.who = f"/who-saw/{self.token(CONTACT)}"

    def ask(self, email: str = CONTACT, **fields: str) -> TestResponse:
        """Return the answer to asking somebody at the employer."""
        given = {"name": "Ines Roy", "email": email, "employer": "Lantern Bay Motors", **fields}
        data = {f"contact-{name}": value for name, value in {"language": "fr", **given}.items()}
        return self.learner.post(f"{self.at}/observers/employer", data=data)

    def token(self, email: str) -> str:
        """Return the token in the mail to an address."""
        with self.app.app_context():
            rows = select(Nomination.nonce).filter_by(email=email)
            return token_of(db.session.scalars(rows).one())

    def names(self, *emails: str, **more: str) -> TestResponse:
        """Return the answer to naming people from the office."""
        data = dict(more)
        for number, email in enumerate(emails):
            data |= {
                f"observers-{number}-name": f"Person {number}",
                f"observers-{number}-email": email,
                f"observers-{number}-language": "en",
            }
        return self.office.post(self.who, data=data)

    def nominations(self) -> dict[str, Nomination]:
        """Return all who were asked anything, by their addresses and what they are asked."""
        with self.app.app_context():
            rows = db.session.scalars(select(Nomination).order_by(Nomination.created_at)).all()
            return {f"{each.email} {each.asks}": each for each in rows}

    def listed(self) -> str:
        """Return what the learner sees."""
        return html.unescape(self.learner.get(f"{self.at}/observers").text)


@pytest.fixture
def referral(app: Flask) -> Referral:
    return Referral(app)


def test_an_employer_names_who_saw_it_and_the_learner_sees_where_each_stands(
    referral: Referral,
) -> None:
    assert "Asked who saw it; not answered yet" in referral.listed()
    page = referral.office.get(referral.who).text
    assert '<html lang="fr">' in page
    assert "Léa Fontaine" in page
    assert referral.names(ROSA, SAM, myself="y").location == f"{referral.who}/thanks"
    assert "Person 1" in referral.office.get(f"{referral.who}/thanks").text
    asked = referral.nominations()
    contact = asked.pop(f"{CONTACT} who saw it")
    assert set(asked) == {f"{each} what was seen" for each in (ROSA, SAM, CONTACT)}
    assert {each.nominated_by for each in asked.values()} == {f"link:{contact.id}"}
    assert all(each.is_by_employer and each.employer for each in asked.values())
    listed = referral.listed()
    assert "Has named who saw it" in listed
    assert listed.count("Named by the employer") == 3
    assert SAM not in listed
    form = f"/observe/{referral.token(ROSA)}/form"
    assert referral.phone.post(form, data=referral.form()).status_code == 303
    with referral.app.app_context():
        (seen,) = db.session.scalars(select(Observation)).all()
        assert (seen.counts, seen.nomination_id) == (True, asked[f"{ROSA} what was seen"].id)
        acts = " ".join(map(str, db.session.scalars(select(AuditBody.body))))
        assert "employer asked who saw it" in acts
        assert "employer named observers" in acts


def test_a_link_that_asks_who_saw_it_says_nothing_of_what_was_seen(referral: Referral) -> None:
    token = referral.who.rpartition("/")[2]
    for path in (f"/observe/{token}", f"/observe/{token}/form", f"/observe/{token}/thanks"):
        assert referral.office.get(path).status_code == 404
    assert referral.office.post(f"/observe/{token}/form", data=referral.form()).status_code == 404
    assert referral.office.post(f"/observe/{token}", data={"answer": "seen"}).status_code == 404
    referral.named(SAM)
    other = referral.token(SAM)
    for path in (f"/who-saw/{other}", f"/who-saw/{other}/thanks", "/who-saw/made-up"):
        assert referral.office.get(path).status_code == 404
    assert referral.office.post(f"/who-saw/{other}", data={"myself": "y"}).status_code == 404


def test_opening_it_uses_nothing_up_and_sending_it_does_once(referral: Referral) -> None:
    for _time in range(3):
        assert referral.office.get(referral.who).status_code == 200
    assert referral.office.get(f"{referral.who}/thanks").location == referral.who
    assert referral.names(ROSA).status_code == 303
    assert referral.names(SAM).status_code == 410
    assert referral.office.get(referral.who).status_code == 410
    assert referral.office.get(f"{referral.who}/thanks").status_code == 200
    assert len(referral.nominations()) == 2


def test_a_learner_takes_it_back(referral: Referral) -> None:
    contact = next(iter(referral.nominations().values()))
    assert referral.learner.post(f"{referral.at}/observers/{contact.id}/revoke").status_code == 303
    assert referral.names(ROSA).status_code == 410
    assert len(referral.nominations()) == 1


def test_a_link_that_ran_out_names_nobody(app: Flask, stopped: StoppedClock) -> None:
    referral = Referral(app)
    stopped.move(days=21)
    assert referral.names(ROSA).status_code == 410
    assert len(referral.nominations()) == 1


@pytest.mark.parametrize(
    ("answer", "standing"),
    [("not-seen", "Cannot say who saw it"), ("wrong-person", "Is the wrong person")],
)
def test_one_tap_says_that_one_cannot(referral: Referral, answer: str, standing: str) -> None:
    assert referral.office.post(referral.who, data={"answer": answer}).status_code == 200
    assert standing in referral.listed()
    assert referral.names(ROSA).status_code == 410


def test_nobody_names_from_the_learners_own_device(referral: Referral) -> None:
    referral.office = referral.learner
    refused = referral.names(ROSA)
    assert refused.status_code == 422
    assert "learner’s own device" in html.unescape(refused.text)
    referral.learner.post("/sign-out")
    assert referral.names(ROSA).status_code == 422
    assert len(referral.nominations()) == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(referral: Referral) -> None:
    referral.named(SAM)
    refused = referral.names(ROSA, SAM, "lea@example.org")
    assert refused.status_code == 422
    page = html.unescape(refused.text)
    assert "is asked already; leave them out" in page
    assert "of the person whose work it is. Name somebody else" in page
    for typed in (ROSA, SAM, "lea@example.org", "Person 2"):
        assert f'value="{typed}"' in page
    assert len(referral.nominations()) == 2  # nobody half
    assert referral.names("no address").status_code == 422
    assert referral.names().status_code == 422
    assert referral.names(ROSA).status_code == 303


def test_those_whom_an_employer_names_are_looked_at_as_others(referral: Referral) -> None:
    """Where the learner asked from is a sign; the learner's own device is a conflict."""
    referral.names(ROSA)
    path = f"/observe/{referral.token(ROSA)}/form"
    assert referral.learner.post(path, data=referral.form()).status_code == 303
    with referral.app.app_context():
        (seen,) = db.session.scalars(select(Observation)).all()
        assert {Sign.OWN_DEVICE, Sign.SAME_NETWORK} <= set(seen.signs)
        assert not seen.counts


@pytest.mark.usefixtures("one_window")
def test_an_employers_names_count_for_the_learners_limits(referral: Referral) -> None:
    most = naming.NAMED_BY_PERSON.tries
    for number in range(most - 2):  # one was asked; one is left
        referral.named(f"person-{number}@else{number}.example")
        with referral.app.app_context():
            latest = db.session.scalars(
                select(Nomination).order_by(Nomination.created_at.desc())
            ).first()
            assert latest is not None
            path = f"{referral.at}/observers/{latest.id}/revoke"
        referral.learner.post(path)
    refused = referral.names(ROSA, SAM)
    assert refused.status_code == 429
    assert f'value="{ROSA}"' in refused.text
    assert ROSA not in " ".join(referral.nominations())


def test_so_many_are_asked_at_once_whoever_names_them(referral: Referral) -> None:
    for number in range(naming.MOST_OPEN - 2):
        referral.named(f"person-{number}@else.example")
    assert referral.names(ROSA, SAM).status_code == 422
    assert referral.names(ROSA).status_code == 303


def test_hostile_names_are_text(referral: Referral) -> None:
    referral.names(ROSA, **{"observers-1-name": HOSTILE, "observers-1-email": SAM})
    for page in (
        referral.office.get(f"{referral.who}/thanks").text,
        referral.learner.get(f"{referral.at}/observers").text,
    ):
        assert HOSTILE not in page


def test_the_form_is_protected_from_other_sites(referral: Referral) -> None:
    referral.app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert referral.names(ROSA).status_code == 400
        assert referral.ask(SAM).status_code == 400
    finally:
        referral.app.config["WTF_CSRF_ENABLED"] = False
    assert len(referral.nominations()) == 1


def test_an_employer_is_mailed_and_reminded_of_what_they_are_asked(
    app: Flask, sent: list[dict[str, str]], stopped: StoppedClock
) -> None:
    referral = Referral(app)
    with app.app_context():
        for _day in range(10):
            work_off()
            stopped.move(days=1)
    assert len(sent) == 3
    assert all(f"{referral.who}\n" in each["text"] for each in sent)
    assert all(each["language"] == "fr" for each in sent)
    assert sent[0]["subject"].startswith("Qui a vu ce travail?")


def test_whom_an_employer_names_is_told_who_did(
    app: Flask, sent: list[dict[str, str]], stopped: StoppedClock
) -> None:
    referral = Referral(app)
    referral.names(ROSA, myself="y")
    referral.named(SAM)
    with app.app_context():
        work_off()
    texts = {each["to"]: each["text"] for each in sent if "/observe/" in each["text"]}
    begins = "Ines Roy, at Lantern Bay Motors, named you as somebody who saw this work of Léa"
    assert texts[ROSA].startswith(begins)
    assert "Vous avez dit avoir vu ce travail, fait par Léa Fontaine" in texts[CONTACT]
    assert texts[SAM].startswith("Léa Fontaine a donné votre nom comme témoin")


def test_the_contact_is_asked_at_a_mailbox_of_their_own(referral: Referral) -> None:
    refused = referral.ask("lea@example.org", name="Somebody")
    assert refused.status_code == 422
    assert 'value="Somebody"' in refused.text
    assert referral.ask(CONTACT).status_code == 422  # asked already
    assert {each.asks for each in referral.nominations().values()} == {Asks.WHO}


@pytest.mark.parametrize("is_denied", [True, False])
def test_a_third_party_is_told_nothing_of_a_colleague_and_loses_no_name(
    referral: Referral, *, is_denied: bool
) -> None:
    """Whether a word was set aside, or somebody is the wrong person, is no news for an office."""
    referral.named(ROSA)
    referral.phone.environ_base.update(ELSEWHERE)
    path = f"/observe/{referral.token(ROSA)}"
    if is_denied:
        assert referral.phone.post(f"{path}/form", data=referral.form()).status_code == 303
        with referral.app.app_context():
            (seen,) = db.session.scalars(select(Observation)).all()
            void(seen.learner_id, seen.id, "They do not work there.", system("test"))
            db.session.commit()
    else:
        referral.phone.post(path, data={"answer": "wrong-person"})
    refused = referral.names(SAM, ROSA)
    assert refused.status_code == 422
    page = html.unescape(refused.text)
    assert "Name somebody else here." in page
    assert all(f'value="{typed}"' in page for typed in (SAM, ROSA))
    for leaking in ("was set aside", "are not meant", "wrong person."):
        assert leaking not in page
    assert referral.names(SAM).status_code == 303


def test_the_thanks_end_with_the_link(app: Flask, stopped: StoppedClock) -> None:
    referral = Referral(app)
    referral.names(ROSA)
    stopped.move(days=20)
    assert "Person 0" in referral.office.get(f"{referral.who}/thanks").text
    stopped.move(days=2)
    gone = referral.office.get(f"{referral.who}/thanks")
    assert gone.status_code == 410
    assert "Person 0" not in gone.text


@pytest.mark.parametrize("kind", DATABASES)
def test_names_sent_at_once_are_taken_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request, WTF_CSRF_ENABLED=False)
    referral = Referral(app)
    begun, answers = threading.Barrier(AT_ONCE), []

    def send(number: int) -> None:
        office = app.test_client()
        office.environ_base.update(ELSEWHERE)
        data = {
            "observers-0-name": "Somebody",
            "observers-0-email": f"person-{number}@lantern-motors.example",
        }
        begun.wait()
        answers.append(office.post(referral.who, data=data).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [303, *[410] * (AT_ONCE - 1)]
    assert len(referral.nominations()) == 2
