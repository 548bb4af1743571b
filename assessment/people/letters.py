"""What the mails with links say, in the language in force.

None carries a name that its reader's account chose: nobody can send words of their own through us.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessment.access import Role
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people.institutions import institution
from assessment.people.models import Purpose, Ticket
from assessment.people.roles import role_name


@dataclass(frozen=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def letter_for(ticket: Ticket, link: str) -> Letter:
    """Return the mail that brings this ticket's link to its reader."""
    if ticket.purpose == Purpose.RESET:
        return reset(link)
    if ticket.purpose == Purpose.CONFIRMATION:
        return confirmation(link)
    place = wording(institution(ticket.institution_id or "").name, language())
    return invitation(link, place, Role(ticket.role or ""))


def reset(link: str) -> Letter:
    """Return the mail with the link to choose a new password."""
    text = _(
        "Somebody asked for a new password for your account. If it was you, choose one here:\n\n"
        "%(link)s\n\n"
        "The link works once, within 2 hours. If it was not you, do nothing: "
        "your password stays as it is.\n",
        link=link,
    )
    return Letter(_("Choose a new password"), text)


def confirmation(link: str) -> Letter:
    """Return the mail with the link to confirm an address."""
    text = _(
        "An account was opened with this e-mail address. If it is yours, confirm it here:\n\n"
        "%(link)s\n\n"
        "The link works once, within 3 days. You can take tests before you confirm. "
        "If the account is not yours, do nothing.\n",
        link=link,
    )
    return Letter(_("Confirm your e-mail address"), text)


def invitation(link: str, place: str, role: Role) -> Letter:
    """Return the mail with the link to a role at an institution."""
    text = _(
        "%(place)s invites you to take on this role: %(role)s. Accept here:\n\n"
        "%(link)s\n\n"
        "The link works once, within 24 hours, and for this e-mail address only. "
        "If you did not expect it, do nothing.\n",
        place=place,
        role=role_name(role),
        link=link,
    )
    return Letter(_("An invitation from %(place)s", place=" ".join(place.split())), text)
