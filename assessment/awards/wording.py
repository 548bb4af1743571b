"""Rules and outcomes in the words of the page's language, or of every language."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import force_locale, format_decimal

from assessment.catalogue import service as catalogue
from assessment.languages import LANGUAGES
from assessment.locale import format_day, format_number, gettext, ngettext
from assessment.rules import (
    Assurance,
    Explanation,
    Outcome,
    Requirement,
    assurance_sentences,
    explain,
)


def explanation_of(outcome: Outcome) -> Explanation:
    """Return how a rule stands, in the page's language."""
    return explain(
        outcome,
        names=catalogue.rule_names(),
        gettext=gettext,
        ngettext=ngettext,
        format_date=format_day,
        format_percent=catalogue.exact_percent,
        format_number=format_number,
        format_logits=logits,
    )


def assurance_text(assurance: Assurance) -> tuple[str, ...]:
    """Return how sure a sitting makes us, in sentences of the page's language."""
    return assurance_sentences(
        assurance,
        names=catalogue.rule_names(),
        gettext=gettext,
        ngettext=ngettext,
        format_percent=catalogue.exact_percent,
        format_logits=logits,
    )


def logits(number: float) -> str:
    """Return a number of logits to the hundredth, with a true minus sign."""
    shown = format_decimal(round(number, 2) + 0.0, format="0.00")  # 0.0 takes away a minus zero
    return str(shown).replace("-", "\N{MINUS SIGN}")


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
