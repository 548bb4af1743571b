"""The rule language: what must be shown, applied to what was shown; pure, no clock, no database."""

from assessment.rules.assurances import Assurance, assurance_of
from assessment.rules.assured import assurance_sentences
from assessment.rules.canonical import digest, outcome_from_text, outcome_to_text
from assessment.rules.certainty import Bounds, certainty_bounds, certainty_of
from assessment.rules.evaluation import evaluate
from assessment.rules.facts import (
    AbilityFact,
    AchievementFact,
    AreaFact,
    Basis,
    CriterionFact,
    Exact,
    Facts,
    HoldFact,
    Identity,
    RecognitionFact,
    RubricFact,
    Source,
    Supervision,
    TestFact,
)
from assessment.rules.language import Kind, Located, Rule, RuleError, walk
from assessment.rules.mastered import mastery_verdict, verdict_either_way
from assessment.rules.months import months_later
from assessment.rules.outcomes import (
    Figure,
    Missing,
    Outcome,
    Quantity,
    Used,
    Verdict,
    gaps,
)
from assessment.rules.parsing import parse, parse_text, to_json
from assessment.rules.requirements import Requirement, requirement
from assessment.rules.sentences import (
    Explanation,
    LearningArea,
    explain,
    identity_sentence,
    learning_areas,
    supervision_sentence,
)
from assessment.rules.validation import (
    Measures,
    Reference,
    References,
    RubricMeasure,
    faults,
    order,
    references,
    validate,
)
from assessment.rules.voices import Gettext, Names, Ngettext

__all__ = [
    "AbilityFact",
    "AchievementFact",
    "AreaFact",
    "Assurance",
    "Basis",
    "Bounds",
    "CriterionFact",
    "Exact",
    "Explanation",
    "Facts",
    "Figure",
    "Gettext",
    "HoldFact",
    "Identity",
    "Kind",
    "LearningArea",
    "Located",
    "Measures",
    "Missing",
    "Names",
    "Ngettext",
    "Outcome",
    "Quantity",
    "RecognitionFact",
    "Reference",
    "References",
    "Requirement",
    "RubricFact",
    "RubricMeasure",
    "Rule",
    "RuleError",
    "Source",
    "Supervision",
    "TestFact",
    "Used",
    "Verdict",
    "assurance_of",
    "assurance_sentences",
    "certainty_bounds",
    "certainty_of",
    "digest",
    "evaluate",
    "explain",
    "faults",
    "gaps",
    "identity_sentence",
    "learning_areas",
    "mastery_verdict",
    "months_later",
    "order",
    "outcome_from_text",
    "outcome_to_text",
    "parse",
    "parse_text",
    "references",
    "requirement",
    "supervision_sentence",
    "to_json",
    "validate",
    "verdict_either_way",
    "walk",
]
