"""The pages of teams over HTTP: mail, link, joining, and what each side sees."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.extensions import db
from assessment.projects.models import Participation, TeamInvitation
from tests.assessment.artefacts.files import picture
from tests.assessment.artefacts.test_views import sent_whole
from tests.assessment.projects.conftest import token_sent
from tests.assessment.projects.test_views import HOSTILE, SAID, Walk

MATE = {"email": "sam@example.org", "language": "en"}


class TeamWalk(Walk):
    """The same, where a learner has joined a project with three places."""

    def joined(self) -> str:
        """Return the address of the project."""
        at = self.published(seats="3")
        self.learner.post(at)
        return at

    def invited_mate(self, at: str) -> str:
        """Return the address that a mate is mailed."""
        with self.app.app_context():
            token = token_sent(lambda: self.learner.post(f"{at}/team", data=MATE))
        return f"/teams/{token}"

    def together(self) -> str:
        """Return the address of a project in which learner and mate are a team."""
        at = self.joined()
        assert self.other.post(self.invited_mate(at)).location == f"{at}/team"
        return at

    def parts(self) -> list[Participation]:
        with self.app.app_context():
            return list(db.session.scalars(select(Participation).order_by(Participation.seat)))


@pytest.fixture
def walk(app: Flask) -> TeamWalk:
    return TeamWalk(app)


def test_a_team_from_the_mail_to_the_employers_page(walk: TeamWalk) -> None:
    at = walk.joined()
    link = walk.invited_mate(at)
    assert MATE["email"] in walk.learner.get(f"{at}/team").text
    visitor = walk.app.test_client().get(link)
    assert visitor.status_code == 200
    assert f"next={link}" in html.unescape(visitor.text).replace("%2F", "/")
    assert walk.app.test_client().post(link).status_code == 403
    assert walk.other.get(link).status_code == 200  # looking uses nothing up
    assert walk.other.post(link).location == f"{at}/team"
    assert walk.other.get(link).status_code == 410
    empty = walk.learner.post(f"{at}/delivery", data={"text": "I isolated it so."})
    assert (empty.status_code, "what you did yourself" in empty.text) == (422, True)
    assert "I isolated it so." in empty.text
    assert f"{at}/leave" in walk.other.get(f"{at}/mine").text
    mine = {"text": "I isolated it so.", "own": "I locked the switch."}
    assert walk.learner.post(f"{at}/delivery", data=mine).status_code == 303
    assert "if you leave, you cannot join this project again." in walk.other.get(f"{at}/mine").text
    file = sent_whole(walk.other, picture(), "canary-sam.jpg").json["artefact"]
    walk.other.post(f"{at}/files", data={"artefact": file})
    theirs = {"text": "I drew the plan.", "own": "I measured it."}
    assert walk.other.post(f"{at}/delivery", data=theirs).status_code == 303
    first, second = walk.parts()
    for part in (first, second):
        page = walk.employer.get(f"{walk.link()}/{part.id}").text
        for said in (*mine.values(), *theirs.values(), "in a team of 2 people."):
            assert said in page
        assert "canary-sam" not in page
        assert f"{walk.link()}/{second.id}/pictures/{file}" in page
    seen = f"{at}/team/{second.id}/pictures/{file}"
    page = walk.learner.get(f"{at}/team").text
    assert seen in page
    assert "I measured it." in page
    assert "canary-sam" not in page
    assert walk.learner.get(seen).mimetype == "image/jpeg"
    assert walk.stranger.get(seen).status_code == 404


def test_nothing_of_one_members_ratings_is_shown_to_another(walk: TeamWalk) -> None:
    at = walk.together()
    given = {"text": "I isolated it so.", "own": "All of it."}
    for each in (walk.learner, walk.other):
        each.post(f"{at}/delivery", data=given)
    first, _second = walk.parts()
    sent = walk.employer.post(f"{walk.link()}/{first.id}", data=walk.seen())
    assert sent.status_code == 303
    walk.learner.post(f"{at}/feedback", data={"text": "They took time to explain."})
    assert SAID in walk.learner.get(f"{at}/mine").text
    for path in (f"{at}/team", f"{at}/mine", at, "/projects", "/me"):
        page = walk.other.get(path)
        assert page.status_code == 200
        assert SAID not in page.text, path
        assert "They took time to explain." not in page.text, path


def test_an_invitation_is_taken_back_and_a_team_is_left(walk: TeamWalk) -> None:
    at = walk.joined()
    link = walk.invited_mate(at)
    with walk.app.app_context():
        invitation = db.session.scalars(select(TeamInvitation.id)).one()
    back = f"{at}/team/{invitation}/take-back"
    assert walk.other.post(back).status_code == 404
    assert walk.learner.post(back).location == f"{at}/team"
    assert walk.other.get(link).status_code == 410
    assert walk.other.post(link).status_code == 410
    assert walk.other.post(walk.invited_mate(at)).location == f"{at}/team"
    assert "Leave the team" in walk.other.get(f"{at}/team").text
    assert walk.other.post(f"{at}/team/leave").location == f"{at}/team"
    assert "You are alone so far." in walk.other.get(f"{at}/team").text


def test_anothers_team_is_none(walk: TeamWalk) -> None:
    at = walk.joined()
    assert walk.other.get(f"{at}/team").status_code == 404
    assert walk.other.post(f"{at}/team", data=MATE).status_code == 404
    assert walk.other.post(f"{at}/team/leave").status_code == 404
    for path in ("/teams/" + "x" * 43, walk.link().replace("/briefs/", "/teams/")):
        assert walk.other.get(path).status_code == 404
        assert walk.other.post(path).status_code == 404


def test_a_mail_carries_no_words_of_others(walk: TeamWalk) -> None:
    at = walk.published(seats="3", title="See evil.example now", text="See evil.example now")
    walk.learner.post(at)
    sent: list[str] = []
    with walk.app.app_context():
        token_sent(lambda: walk.learner.post(f"{at}/team", data=MATE), sent)
    (text,) = sent
    assert "Léa Fontaine invites you" in text
    assert "evil.example" not in text
    assert "Isolate" not in text


def test_what_mates_write_is_text_and_a_wrong_address_is_kept(walk: TeamWalk) -> None:
    at = walk.together()
    walk.other.post(f"{at}/delivery", data={"text": HOSTILE, "own": HOSTILE})
    _first, second = walk.parts()
    for browser, path in (
        (walk.learner, f"{at}/team"),
        (walk.other, f"{at}/mine"),
        (walk.employer, f"{walk.link()}/{second.id}"),
    ):
        page = browser.get(path).text
        assert HOSTILE not in page
        assert page.count(html.escape(HOSTILE)) >= 2


def test_an_address_that_is_none_is_kept_in_the_form(walk: TeamWalk) -> None:
    at = walk.joined()
    page = walk.learner.post(f"{at}/team", data={"email": "sam at home", "language": "en"})
    assert page.status_code == 422
    assert "sam at home" in page.text


def test_the_last_place_may_be_gone_when_a_mate_comes(walk: TeamWalk) -> None:
    at = walk.published(seats="2")
    walk.learner.post(at)
    link = walk.invited_mate(at)
    walk.keeper.post(at)
    late = walk.other.post(link, follow_redirects=True)
    assert "Every place in this project is taken." in late.text
    walk.keeper.post(f"{at}/leave")
    assert walk.other.post(link).location == f"{at}/team"  # the link was not used up
