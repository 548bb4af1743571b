"""What an account says of its owner, in the form in which it is kept: trimmed, and on one line."""

from __future__ import annotations

import re
import unicodedata

from assessment import mail
from assessment.errors import Invalid
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _

MAILBOX = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]+\.[^@\s<>()\[\],;:\"\\.]+")
LONGEST_EMAIL, LONGEST_NAME, LONGEST_NUMBER = 254, 100, 40
UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows; they make one name look like another."""


def email_address(text: str) -> str:
    """Return the address, trimmed and case-folded, as an account is known by it."""
    address = unicodedata.normalize("NFC", text.strip()).casefold()
    if len(address) > LONGEST_EMAIL or not MAILBOX.fullmatch(address) or not _mailable(address):
        raise Invalid(_("Enter an e-mail address like name@example.org."), field="email")
    return address


def _mailable(address: str) -> bool:
    try:
        mail.checked_address(address)
    except ValueError:
        return False
    return True


def name(text: str, field: str = "display_name") -> str:
    """Return a person's name on one line; one word is a name.

    A refusal says which `field` of the form it is about.
    """
    line = _one_line(text, field)
    if not line:
        raise Invalid(_("Enter a name; a single name is fine."), field=field)
    if len(line) > LONGEST_NAME:
        raise Invalid(_("Enter a name of at most %(n)s characters.", n=LONGEST_NAME), field=field)
    return line


def student_number(text: str) -> str:
    """Return a student number on one line; empty for people who have none."""
    line = _one_line(text, "student_number")
    if len(line) > LONGEST_NUMBER:
        sentence = _("Enter a number of at most %(n)s characters.", n=LONGEST_NUMBER)
        raise Invalid(sentence, field="student_number")
    return line


def language(code: str) -> str:
    """Return the code of a language that pages exist in."""
    if code not in LANGUAGES:
        raise Invalid(_("Pages are in English and in French."))
    return code


def _one_line(text: str, field: str) -> str:
    line = unicodedata.normalize("NFC", text.strip())
    if any(unicodedata.category(mark) in ("Cc", "Zl", "Zp") or mark in UNSEEN for mark in line):
        raise Invalid(_("Write this on one line, without control characters."), field=field)
    return line
