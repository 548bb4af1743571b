"""The language in which the pages behind a link are."""

from __future__ import annotations

from flask import session
from flask_babel import refresh
from flask_login import current_user

from assessment.locale import LANGUAGE_KEY
from assessment.observations.models import Nomination


def speak(nomination: Nomination) -> None:
    """Let the pages speak the language of the link, unless another was chosen."""
    if LANGUAGE_KEY not in session and not current_user.is_authenticated:
        session[LANGUAGE_KEY] = nomination.language
        refresh()
