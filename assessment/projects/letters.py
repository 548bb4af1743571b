"""What employers and learners are told of projects by mail: plain text."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from assessment import clock, mail
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.observations.letters import Letter, plain_name
from assessment.people import service as people
from assessment.projects.models import Participation, Project, TeamInvitation


def inviting(project: Project, link: str) -> Letter:
    """Return the mail that asks an employer for a brief."""
    with force_locale(project.language):
        place = people.institution(project.institution_id).name
        text = _(
            "%(place)s invites you to have a project done by learners.\n\n"
            "You write what is to be delivered, and until when. Once it is delivered, you say what"
            " you saw of each skill. It needs no account:\n\n"
            "%(link)s\n\n"
            "The link is yours alone and good for 21 days.\n",
            place=wording(place, project.language),
            link=link,
        )
        return Letter(_("Have a project done by learners"), text)


def giving_back(project: Project, link: str) -> Letter:
    """Return the mail that asks an employer to change the brief."""
    with force_locale(project.language):
        text = _(
            "Your brief was read, and something in it is to be changed before learners see it."
            " What, and the brief as you wrote it, are here:\n\n"
            "%(link)s\n\n"
            "The link is good for 21 days.\n",
            link=link,
        )
        return Letter(_("Your brief: something to change"), text)


def delivering(project: Project, name: str, link: str) -> Letter:
    """Return the mail that tells an employer of a delivery."""
    with force_locale(project.language):
        text = _(
            "%(name)s has delivered for your project. Please read it, and say what you saw of each"
            " skill; it takes about 5 minutes:\n\n"
            "%(link)s\n\n"
            "What you say stays sealed until the learner has said something of you too, or for 14"
            " days.\n",
            name=plain_name(name) or _("a learner"),
            link=link,
        )
        return Letter(_("Delivered for your project"), text)


def inviting_mate(name: str, link: str, language: str) -> Letter:
    """Return the mail that invites somebody to a team."""
    with force_locale(language):
        text = _(
            "%(name)s invites you to do a project for an employer, together in a team.\n\n"
            "What it is about is here. To join you sign in, or open an account:\n\n"
            "%(link)s\n\n"
            "The link is good for 21 days, and opening it sends nothing. If you do not know who"
            " asks, do nothing, and no more mail comes.\n",
            name=plain_name(name) or _("A learner"),
            link=link,
        )
        return Letter(_("An invitation to a team"), text)


def mail_mate(invitation: TeamInvitation, letter: Letter, language: str) -> None:
    """Mail an invitation to a team, once."""
    key = f"team:{invitation.id}"
    to = invitation.email or ""
    mail.send(to, letter.subject, letter.text, language=language, once_key=key)


def mail_employer(project: Project, letter: Letter, about: str) -> None:
    """Mail a letter to the contact of a project, once for each thing that it is about.

    Nobody is written to any more who was erased.
    """
    if project.email is None:
        return
    key = f"project:{project.id}:{about}:{clock.now().isoformat()}"
    mail.send(project.email, letter.subject, letter.text, language=project.language, once_key=key)


def mail_learner(part: Participation, link: str) -> None:
    """Tell a learner that the employer has said something, and what opens it."""
    person = people.person_of_learner(part.learner_id)
    if person is None:
        return
    with force_locale(person.language):
        subject = _("The employer has said what they saw")
        text = _(
            "The employer has said what they saw of your work. You read it once you have said"
            " something of the employer, or after 14 days:\n\n"
            "%(link)s\n",
            link=link,
        )
    key = f"participation:{part.id}:said"
    mail.send(person.email, subject, text, language=person.language, once_key=key)


def page_of(project: Project) -> str:
    """Return the address of a learner's own page of a project."""
    base = current_app.extensions["attest_settings"].base_url
    return f"{base}/projects/{project.id}/mine"
