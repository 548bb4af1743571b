"""The rule language: what must be shown, applied to what was shown; pure, no clock, no database."""

from assessment.rules.evaluation import evaluate
from assessment.rules.facts import (
    AchievementFact,
    AreaFact,
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

__all__ = [
    "AchievementFact",
    "AreaFact",
    "CriterionFact",
    "Exact",
    "Facts",
    "Figure",
    "HoldFact",
    "Identity",
    "Kind",
    "Located",
    "Missing",
    "Outcome",
    "Quantity",
    "RecognitionFact",
    "RubricFact",
    "Rule",
    "RuleError",
    "Source",
    "Supervision",
    "TestFact",
    "Used",
    "Verdict",
    "evaluate",
    "gaps",
    "parse",
    "parse_text",
    "to_json",
    "walk",
]
