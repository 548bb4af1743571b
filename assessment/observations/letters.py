"""What observers are told by mail, in the language in force: plain text, and no words of others.

The one name in a mail is that of whom it is about, and only where it is a name: nobody can send
an address or a sentence of their own through us.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language

LONGEST_NAME = 60
IN_NAMES = frozenset(" '\N{RIGHT SINGLE QUOTATION MARK}-\N{HYPHEN}\N{MIDDLE DOT}.")


@dataclass(frozen=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def plain_name(name: str) -> str:
    """Return a name that can stand in a mail; "" for what reads like an address or a message."""
    is_name = len(name) <= LONGEST_NAME and len(name.split()) <= 6
    letters = all(unicodedata.category(each)[0] in "LM" or each in IN_NAMES for each in name)
    inside = any(first == "." and after.isalpha() for first, after in pairwise(name))
    return " ".join(name.split()) if is_name and letters and not inside else ""


def _who(name: str) -> str:
    return plain_name(name) or _("a learner")


def asking(name: str, title: Mapping[str, str], place: Mapping[str, str], link: str) -> Letter:
    """Return the mail that asks what somebody saw, with the link to say it."""
    opening = _(
        "%(name)s named you as somebody who saw this work: %(title)s.",
        name=_who(name),
        title=wording(title, language()),
    )
    subject = _("What did you see? %(name)s asks you, 5 minutes", name=_who(name))
    return Letter(subject, _what_is_asked(opening, place, link))


def asking_for_employer(
    contact: str, name: str, title: Mapping[str, str], place: Mapping[str, str], link: str
) -> Letter:
    """Return the same for whom somebody at the employer named; `contact` is "" for themselves."""
    opening = _opening(contact, _who(name), wording(title, language()))
    subject = _("What did you see of the work of %(name)s? 5 minutes", name=_who(name))
    return Letter(subject, _what_is_asked(opening, place, link))


def _what_is_asked(opening: str, place: Mapping[str, str], link: str) -> str:
    """Return the text of a mail that asks what somebody saw, below who named them."""
    return _(
        "%(opening)s\n\n"
        "%(place)s asks you to say what you saw. It takes about 5 minutes, on a phone as well, and"
        " no account:\n\n"
        "%(link)s\n\n"
        "The link is yours alone and good for 21 days. Opening it sends nothing. If you did not"
        " see this work, or are the wrong person, say so there with one tap, and no more mail"
        " comes.\n",
        opening=opening,
        place=wording(place, language()),
        link=link,
    )


def _opening(contact: str, name: str, title: str) -> str:
    if not contact:
        return _("You said that you saw this work of %(name)s: %(title)s.", name=name, title=title)
    return _(
        "%(contact)s named you as somebody who saw this work of %(name)s: %(title)s.",
        contact=contact,
        name=name,
        title=title,
    )


def contact_of(name: str, employer: str) -> str:
    """Return what a mail calls somebody at an employer: by what reads like a name alone."""
    person, place = plain_name(name), plain_name(employer)
    if person and place:
        return _("%(name)s, at %(place)s,", name=person, place=place)
    if place:
        return _("Somebody at %(place)s", place=place)
    return person or _("Somebody at the employer")


def reminding(name: str, title: Mapping[str, str], link: str, *, is_last: bool) -> Letter:
    """Return the mail that reminds an observer."""
    text = _(
        "You were asked what you saw of this work of %(name)s: %(title)s. It takes about 5"
        " minutes, and no account:\n\n"
        "%(link)s\n\n"
        "If you did not see it, or are the wrong person, one tap there says so.\n\n"
        "%(end)s\n",
        name=_who(name),
        title=wording(title, language()),
        link=link,
        end=_what_follows(is_last=is_last),
    )
    return Letter(_("A reminder: what did you see? 5 minutes"), text)


def _what_follows(*, is_last: bool) -> str:
    if is_last:
        return _("This is the last reminder.")
    return _("One more reminder follows, and then none.")


def asking_who(name: str, title: Mapping[str, str], place: Mapping[str, str], link: str) -> Letter:
    """Return the mail that asks somebody at an employer who saw the work."""
    text = _(
        "%(name)s did this work, and says that you know who saw it: %(title)s.\n\n"
        "%(place)s asks you to name those who saw it, yourself among them if you did. It takes"
        " about 2 minutes, on a phone as well, and no account:\n\n"
        "%(link)s\n\n"
        "The link is yours alone and good for 21 days. Opening it sends nothing. If you cannot"
        " say who saw it, or are the wrong person, say so there with one tap, and no more mail"
        " comes.\n",
        name=_who(name),
        title=wording(title, language()),
        place=wording(place, language()),
        link=link,
    )
    return Letter(_("Who saw this work? %(name)s asks you, 2 minutes", name=_who(name)), text)


def reminding_who(name: str, title: Mapping[str, str], link: str, *, is_last: bool) -> Letter:
    """Return the mail that reminds somebody at an employer."""
    text = _(
        "You were asked who saw this work of %(name)s: %(title)s. It takes about 2 minutes, and"
        " no account:\n\n"
        "%(link)s\n\n"
        "If you cannot say, or are the wrong person, one tap there says so.\n\n"
        "%(end)s\n",
        name=_who(name),
        title=wording(title, language()),
        link=link,
        end=_what_follows(is_last=is_last),
    )
    return Letter(_("A reminder: who saw this work? 2 minutes"), text)


@dataclass(frozen=True)
class Line:
    """One criterion, what was seen of it, and what was written beside it."""

    criterion: str
    level: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What an observer sent, in the words of the form: who they are, when, and what they saw."""

    who: Sequence[tuple[str, str]]
    """What was asked of them, and what they said; nothing of what they left out."""
    days: str
    lines: Sequence[Line]
    note: str


def copy_of(title: Mapping[str, str], sent: Sent, link: str) -> Letter:
    """Return the copy of what an observer sent."""
    text = _(
        "Thank you. This is a copy of what you sent about: %(title)s.\n\n"
        "Days on which you saw it: %(days)s\n\n"
        "%(seen)s\n\n"
        "%(who)s\n\n"
        "Your note for the assessors: %(note)s\n\n"
        "Nothing more is needed. If you did not send this, answer to the institution that asked"
        " you. To keep what you say as an observer under an account of your own:\n\n"
        "%(link)s\n",
        title=wording(title, language()),
        days=sent.days,
        seen="\n".join(map(_line, sent.lines)),
        who="\n".join(_said(asked, said) for asked, said in sent.who if said),
        note=sent.note or _("none"),
        link=link,
    )
    return Letter(_("A copy of what you sent"), text)


def _said(asked: str, said: str) -> str:
    return _("%(asked)s: %(said)s", asked=asked, said=said)


def _line(each: Line) -> str:
    comment = f"\n  {each.comment}" if each.comment else ""
    return f"- {_said(each.criterion, each.level)}{comment}"
