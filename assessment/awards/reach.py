"""Which rules could be met by what a learner has shown.

Of all that is published most learners have shown little, and to see that a rule names nothing of it
costs far less than to evaluate it.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from assessment.catalogue import service as catalogue
from assessment.rules import Facts, Source, evaluate, references

Named = frozenset[tuple[Source, str]]
ANY_DAY = date(2000, 1, 1)
"""Of no account where there is no fact."""


def is_within(rule: str, facts: Facts) -> bool:
    """Return whether a rule names something that was shown, or is met by nothing at all."""
    return not _names(rule).isdisjoint(_shown(facts)) or _met_by_nothing(rule)


def _shown(facts: Facts) -> Named:
    return frozenset(
        (
            *((Source.TEST, fact.test) for fact in facts.tests),
            *((Source.RUBRIC, fact.rubric) for fact in facts.rubrics),
            *((Source.ACHIEVEMENT, fact.key) for fact in facts.achievements),
            *((Source.RECOGNITION, fact.key) for fact in facts.recognitions),
        )
    )


@lru_cache(maxsize=4096)
def _names(rule: str) -> Named:
    found = references(catalogue.parsed(rule))
    return frozenset(
        (
            *((Source.TEST, each.key) for each in found.tests),
            *((Source.RUBRIC, each.key) for each in found.rubrics),
            *((Source.ACHIEVEMENT, each.key) for each in found.achievements),
            *((Source.RECOGNITION, each.key) for each in found.recognitions),
        )
    )


@lru_cache(maxsize=4096)
def _met_by_nothing(rule: str) -> bool:
    """Return whether a rule is only a veto; without its facts, a rule that names others is not."""
    return evaluate(catalogue.parsed(rule), Facts(), ANY_DAY).met
