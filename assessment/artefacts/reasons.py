"""Why no copy can be made of a file, in words that say what to do."""

from __future__ import annotations

from enum import StrEnum

from assessment.artefacts import drawing, neutralising
from assessment.locale import gettext as _


class WhyNot(StrEnum):
    """Why nobody but its learner can see a file."""

    UNREADABLE = drawing.UNREADABLE
    TOO_MANY_PIXELS = drawing.TOO_MANY_PIXELS
    TOO_MANY_PAGES = drawing.TOO_MANY_PAGES
    LOCKED = drawing.LOCKED
    TOO_MUCH = "takes too much to draw"
    NOT_NEUTRAL = neutralising.NOT_NEUTRAL
    TOO_LONG = "takes too long to walk"


def sentence_for(word: str) -> str:
    """Return why a file cannot be shown, and what to do, for the learner who sent it."""
    number = drawing.MOST_PAGES
    sentences = {
        WhyNot.TOO_MANY_PIXELS: _("This picture is too large. Save it with fewer pixels."),
        WhyNot.TOO_MANY_PAGES: _(
            "This file has more than %(n)s pages. Send the pages that matter.", n=number
        ),
        WhyNot.LOCKED: _("This file asks for a password. Save it without one, and send it again."),
        WhyNot.TOO_MUCH: _("This file is too elaborate to be shown. Save it in a simpler form."),
        WhyNot.NOT_NEUTRAL: _(
            "We cannot take out of this video what may say who made it, where and when."
            " Export it as MP4 and send it again."
        ),
        WhyNot.TOO_LONG: _(
            "We could not look through this video to its end. Cut it shorter, or export it as MP4,"
            " and send it again."
        ),
    }
    unreadable = _("This file cannot be read: it may be cut off. Save it anew, and send it again.")
    return sentences.get(WhyNot(word), unreadable)
