"""Rules and outcomes in the words of the page's language, or of every language."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import force_locale

from assessment.catalogue import service as catalogue
from assessment.languages import LANGUAGES
from assessment.locale import format_day, gettext, ngettext
from assessment.rules import Explanation, Outcome, Requirement, explain


def explanation_of(outcome: Outcome) -> Explanation:
    """Return how a rule stands, in the page's language."""
    return explain(
        outcome,
        names=catalogue.rule_names(),
        gettext=gettext,
        ngettext=ngettext,
        format_date=format_day,
        format_percent=catalogue.exact_percent,
    )


def requirement_text(rule: str) -> dict[str, str]:
    """Return what a rule asks as a text per language, sentence after sentence."""
    names, texts = catalogue.rule_names(), {}
    for language in LANGUAGES:
        with force_locale(language):
            asked = catalogue.requirement(catalogue.parsed(rule), replace(names, language=language))
            texts[language] = " ".join(_lines(asked))
    return texts


def _lines(asked: Requirement) -> list[str]:
    below = [line for child in asked.children for line in _lines(child)]
    return [asked.sentence, *asked.conditions, *below]
