"""What rated work showed, criterion by criterion; never who rated it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessment.awards.models import Decision
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import MeasureKind
from assessment.credentials import service as credentials
from assessment.evidence import service as evidence
from assessment.evidence.superseding import superseded_at
from assessment.languages import LANGUAGES
from assessment.rules import CriterionFact, RubricFact, outcome_from_text

OBSERVER = "observer"


@dataclass(frozen=True)
class RatedCriterion:
    """A criterion and the level that it reached, as their rubric calls them."""

    criterion: str
    level: str


@dataclass(frozen=True)
class RatedWork:
    """One performance that a decision rests on, in the words of the rubric's version.

    `raters` is how many assessors rated every criterion, `observers` how many others saw the work,
    `days` on which it was seen.
    """

    rubric: str
    level: str
    raters: int
    observers: int
    shown_at: datetime
    days: tuple[date, ...]
    criteria: tuple[RatedCriterion, ...]
    evidence_id: str
    superseded_at: datetime | None = None
    """When a later result of the same work took the place of this one; None where none did."""


def rated_work(decision: Decision) -> tuple[RatedWork, ...]:
    """Return the rated work that a decision used, as it was recorded, in the page's language."""
    names = catalogue.rule_names()
    return tuple(
        replace(
            _described(fact, _of_version(fact, names)),
            superseded_at=superseded_at(decision.learner_id, fact.evidence_id),
        )
        for fact in work_facts(decision)
    )


def work_facts(decision: Decision) -> tuple[RubricFact, ...]:
    """Return the facts of rated work that a decision used."""
    used = outcome_from_text(decision.outcome).evidence_ids
    facts = evidence.facts_from_text(decision.facts).rubrics
    return tuple(fact for fact in facts if fact.evidence_id in used)


def _of_version(fact: RubricFact, names: catalogue.MeasureNames) -> catalogue.MeasureNames:
    """Return the names as the rubric had them in the version that the work was rated on."""
    rated_on = catalogue.measure_version(MeasureKind.RUBRIC, fact.rubric, fact.version)
    if rated_on is None:
        return names
    return replace(names, measures={**names.measures, (MeasureKind.RUBRIC, fact.rubric): rated_on})


def _described(fact: RubricFact, names: catalogue.MeasureNames) -> RatedWork:
    return RatedWork(
        rubric=names.rubric(fact.rubric),
        level=names.level(fact.rubric, None, fact.level),
        raters=fact.raters,
        observers=fact.by_role.get(OBSERVER, 0),
        shown_at=fact.occurred_on,
        days=tuple(_days(fact)),
        criteria=tuple(
            RatedCriterion(
                names.criterion(fact.rubric, key), names.level(fact.rubric, key, found.level)
            )
            for key, found in sorted(fact.criteria.items(), key=_order(fact, names))
        ),
        evidence_id=fact.evidence_id,
    )


def _order(
    fact: RubricFact, names: catalogue.MeasureNames
) -> Callable[[tuple[str, CriterionFact]], int]:
    """Return the place of a criterion in its rubric."""
    measure = names.measures.get((MeasureKind.RUBRIC, fact.rubric))
    places = {area["key"]: place for place, area in enumerate(measure.areas if measure else ())}
    return lambda pair: places.get(pair[0], len(places))


def _days(fact: RubricFact) -> Iterator[date]:
    """Yield the occasions that are days."""
    for occasion in fact.occasions:
        try:
            yield date.fromisoformat(occasion)
        except ValueError:
            continue


# Fixed wordings, not gettext: they are signed, so a later translation must not change them.
_NAME = {"en": "Assessed work: {rubric}", "fr": "Travail évalué\N{NO-BREAK SPACE}: {rubric}"}
_LEVEL = {"en": "Level: {level}.", "fr": "Niveau\N{NO-BREAK SPACE}: {level}."}
_RATED_BY_ONE = {
    "en": "One assessor rated it.",
    "fr": "Une personne l’a évalué.",
}
_RATED_BY = {
    "en": "{n} assessors rated every criterion, each without knowing of the other.",
    "fr": "{n} personnes ont évalué chaque critère, chacune sans connaître l’avis de l’autre.",
}
_SEEN_BY_ONE = {
    "en": "One person saw the work being done.",
    "fr": "Une personne a vu le travail se faire.",
}
_SEEN_BY = {
    "en": "{n} people saw the work being done.",
    "fr": "{n} personnes ont vu le travail se faire.",
}


def signed_line(fact: RubricFact) -> credentials.Evidence:
    """Return what a credential says of rated work, in every language: no rater, no comment."""
    names = catalogue.rule_names()
    works = {
        each: _described(fact, _of_version(fact, replace(names, language=each)))
        for each in LANGUAGES
    }
    return credentials.Evidence(
        name={each: _NAME[each].format(rubric=work.rubric) for each, work in works.items()},
        narrative={each: _narrative(each, work) for each, work in works.items()},
    )


def _narrative(language: str, work: RatedWork) -> str:
    sentences = [_LEVEL[language].format(level=work.level)]
    rated = _RATED_BY_ONE if work.raters == 1 else _RATED_BY
    sentences.append(rated[language].format(n=work.raters))
    if work.observers:
        seen = _SEEN_BY_ONE if work.observers == 1 else _SEEN_BY
        sentences.append(seen[language].format(n=work.observers))
    return " ".join(sentences)
