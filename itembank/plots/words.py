"""The words and figures of plots, in the languages that they are drawn in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from itembank.faults import chosen

_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


class Language(StrEnum):
    """A language that plots are drawn in."""

    ENGLISH = "en"
    FRENCH = "fr"


@dataclass(frozen=True)
class Words:
    """Everything that plots say in one language; names in braces are filled in."""

    language: Language
    between: str
    ability: str
    ability_axis: str
    item: str
    item_named: str
    score: str
    step: str
    location: str
    persons: str
    persons_above: str
    option: str
    key: str
    others: str
    lowest: str
    highest: str
    observed: str
    expected: str
    observed_mark: str
    right_axis: str
    category_axis: str
    information: str
    information_axis: str
    standard_error: str
    standard_error_axis: str
    cut: str
    cut_named: str
    share_axis: str
    persons_side: str
    scale_side: str
    items_side: str
    thresholds_side: str
    characteristic_title: str
    information_title: str
    wright_title: str
    option_title: str
    right_sentence: str
    graded_sentence: str
    groups_sentence: str
    information_sentence: str
    cut_sentence: str
    items_sentence: str
    thresholds_sentence: str
    persons_sentence: str
    above_sentence: str
    key_sentence: str
    rising_sentence: str
    total: str
    lowest_total: str
    highest_total: str
    points_axis: str
    fit_title: str
    fit_sentence: str
    chi_square_sentence: str
    no_chi_square_sentence: str

    def number(self, value: float, digits: int = 2) -> str:
        """Return a number as this language writes it."""
        if not math.isfinite(value):
            return "–" if math.isnan(value) else f"{_MINUS if value < 0 else ''}∞"
        thousands = f"{value:,.{digits}f}" if abs(value) >= 10_000 else f"{value:.{digits}f}"
        text = thousands if float(thousands.replace(",", "")) else thousands.lstrip("-")
        if self.language is Language.FRENCH:
            text = text.replace(",", _NO_BREAK).replace(".", ",")
        return text.replace("-", _MINUS)

    def percent(self, share: float) -> str:
        """Return a share as a whole percentage."""
        return f"{self.number(share * 100, 0)}{_NO_BREAK}%"


_ENGLISH = Words(
    language=Language.ENGLISH,
    between=", ",
    ability="Ability (logits)",
    ability_axis="Ability θ (logits)",
    item="Item",
    item_named="Item {name}",
    score="Score",
    step="Step",
    location="Location (logits)",
    persons="Persons",
    persons_above="Persons above",
    option="Option",
    key="key",
    others="others",
    lowest="Lowest",
    highest="Highest",
    observed="Observed",
    expected="Expected",
    observed_mark="observed, with 95 % intervals",
    right_axis="Right answers",
    category_axis="Persons with each score",
    information="Information",
    information_axis="Information (1 / logits²)",
    standard_error="Standard error (logits)",
    standard_error_axis="Standard error (logits)",
    cut="Cut",
    cut_named="cut {value}",
    share_axis="Persons choosing each option",
    persons_side="Persons",
    scale_side="logits",
    items_side="Items",
    thresholds_side="Items and steps",
    characteristic_title="Item {name}: characteristic curve",
    information_title="Test information",
    wright_title="Persons and items on one scale",
    option_title="Options chosen, by ability",
    right_sentence=(
        "Item {name}: at ability {difficulty}, {share} answer it right; its slope is {slope} per "
        "logit."
    ),
    graded_sentence=(
        "Item {name} has {categories} scores, with thresholds at {thresholds} logits; its slope "
        "is {slope} per logit."
    ),
    groups_sentence=(
        "Of {groups} observed proportions, {inside} agree with the curve within their 95 % "
        "intervals."
    ),
    information_sentence=(
        "The test measures most exactly at ability {best}: information {information}, standard "
        "error {error} logits."
    ),
    cut_sentence="At the cut, {cut}, its standard error is {error} logits.",
    items_sentence="{items} items lie from {lowest} to {highest} logits, {middle} on average.",
    thresholds_sentence=(
        "{items} items have {steps} thresholds from {lowest} to {highest} logits, {middle} on "
        "average."
    ),
    persons_sentence=(
        "{persons} persons lie at {mean} on average, with a standard deviation of {deviation}."
    ),
    above_sentence="{share} of the persons lie above the cut, {cut}.",
    key_sentence=(
        "Option {key}, the key, is chosen by {least} of the least able group and {most} of the "
        "ablest."
    ),
    rising_sentence="Look at option {options}: the able choose it more often, though it is no key.",
    total="Total score",
    lowest_total="Lowest total",
    highest_total="Highest total",
    points_axis="Share of the points",
    fit_title="Item {name}: fit by total score",
    fit_sentence=(
        "Item {name}: of {groups} groups by total score, {inside} agree with the model within "
        "their 95 % intervals."
    ),
    chi_square_sentence="S-X² is {statistic} on {df} degrees of freedom, p = {p}.",
    no_chi_square_sentence="Too few groups are left to test them together.",
)

_FRENCH = Words(
    language=Language.FRENCH,
    between="; ",
    ability="Habileté (logits)",
    ability_axis="Habileté θ (logits)",
    item="Question",
    item_named="Question {name}",
    score="Note",
    step="Palier",
    location="Position (logits)",
    persons="Personnes",
    persons_above="Personnes au-dessus",
    option="Choix",
    key="clé",
    others="autres",
    lowest="Minimum",
    highest="Maximum",
    observed="Observé",
    expected="Attendu",
    observed_mark="observé, avec intervalles à 95 %",
    right_axis="Bonnes réponses",
    category_axis="Personnes à chaque note",
    information="Information",
    information_axis="Information (1 / logits²)",
    standard_error="Erreur type (logits)",
    standard_error_axis="Erreur type (logits)",
    cut="Seuil",
    cut_named="seuil {value}",
    share_axis="Personnes qui font chaque choix",
    persons_side="Personnes",
    scale_side="logits",
    items_side="Questions",
    thresholds_side="Questions et paliers",
    characteristic_title="Question {name} : courbe caractéristique",
    information_title="Information du test",
    wright_title="Personnes et questions sur une même échelle",
    option_title="Choix faits, selon l’habileté",
    right_sentence=(
        "Question {name} : à l’habileté {difficulty}, {share} y répondent bien; sa pente est de "
        "{slope} par logit."
    ),
    graded_sentence=(
        "La question {name} a {categories} notes, avec des seuils à {thresholds} logits; sa pente "
        "est de {slope} par logit."
    ),
    groups_sentence=(
        "Sur {groups} proportions observées, {inside} s’accordent avec la courbe dans leur "
        "intervalle à 95 %."
    ),
    information_sentence=(
        "Le test mesure avec le plus de précision à l’habileté {best} : information "
        "{information}, erreur type {error} logit."
    ),
    cut_sentence="Au seuil, {cut}, son erreur type est de {error} logit.",
    items_sentence=("{items} questions vont de {lowest} à {highest} logits, {middle} en moyenne."),
    thresholds_sentence=(
        "{items} questions ont {steps} paliers de {lowest} à {highest} logits, {middle} en moyenne."
    ),
    persons_sentence=(
        "{persons} personnes se situent à {mean} en moyenne, avec un écart type de {deviation}."
    ),
    above_sentence="{share} des personnes se situent au-dessus du seuil, {cut}.",
    key_sentence=(
        "Le choix {key}, la clé, est fait par {least} du groupe le moins habile et {most} du plus "
        "habile."
    ),
    rising_sentence=(
        "À revoir, choix {options} : les plus habiles le font plus souvent, sans qu’il soit la clé."
    ),
    total="Note totale",
    lowest_total="Total minimum",
    highest_total="Total maximum",
    points_axis="Part des points",
    fit_title="Question {name} : ajustement selon la note totale",
    fit_sentence=(
        "Question {name} : sur {groups} groupes selon la note totale, {inside} s’accordent avec le "
        "modèle dans leur intervalle à 95 %."
    ),
    chi_square_sentence="S-X² vaut {statistic} pour {df} degrés de liberté, p = {p}.",
    no_chi_square_sentence="Il reste trop peu de groupes pour les tester ensemble.",
)


_WORDS = {Language.ENGLISH: _ENGLISH, Language.FRENCH: _FRENCH}


def words(language: str | Language) -> Words:
    """Return the words of a language; ValueError names those that there are."""
    return _WORDS[chosen("language", Language, language)]
