"""Measurement: items, forms and scores; pure, and usable in a notebook.

What needs numpy and scipy is loaded when it is first asked for, so that a page which shows a
question does not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from itembank.entries import (
    EntryError,
    EntryProblem,
    is_accepted,
    parse_number,
)
from itembank.formats import Area, BankFormat, ParsedBank, Refusal, read_bank
from itembank.forms import (
    Blueprint,
    Form,
    FormImpossible,
    FormItem,
    PoolItem,
    Seen,
    Shortfall,
    draw,
    one_of_each,
    pool_item,
    shortfalls,
    shuffle_options,
)
from itembank.item_json import canonical_json, content_digest, item_from_json, item_to_json
from itembank.items import Figure, Item, ItemKind
from itembank.responses import BLANK, Answer, parse_answer, read_answer
from itembank.scoring import (
    AreaScore,
    MasteryBasis,
    MultipleCredit,
    PercentScoring,
    Score,
    ScoredResponse,
    ScoringModel,
    lineage,
    score_item,
)

if TYPE_CHECKING:
    from itembank.ability import Ability, Method, Prior, estimate_ability
    from itembank.ability_scoring import AbilityScoring, SampledScoring, category_of
    from itembank.accuracy import (
        ClassificationAccuracy,
        RuleAccuracy,
        classification_accuracy,
        empirical_reliability,
        marginal_reliability,
        rule_accuracy,
    )
    from itembank.adaptive import (
        AdaptiveDesign,
        AdaptiveSimulation,
        AdaptiveTest,
        Choice,
        Selection,
        Sprt,
        Stop,
        replay,
        simulate_adaptive,
        sprt_errors,
        sympson_hetter,
    )
    from itembank.calibration import (
        Anchors,
        Beta,
        Calibration,
        Latent,
        LogNormal,
        Normals,
        Priors,
        StandardErrors,
        calibrate,
    )
    from itembank.curves import (
        category_probability,
        expected_score,
        information,
        probability,
    )
    from itembank.differential import Differential, dif
    from itembank.fit import ItemFit, item_fit
    from itembank.linking import Linking, link
    from itembank.mastery import (
        Classification,
        Cut,
        SprtState,
        Verdict,
        classify,
        mastery_by_sampling,
        sprt,
        theta_cut,
    )
    from itembank.parameters import ItemParameters, Model
    from itembank.simulation import simulate_abilities, simulate_scores
    from itembank.standards import (
        Angoff,
        Bookmark,
        Placement,
        angoff,
        bookmark,
        borderline_group,
        contrasting_groups,
        place_by_panel,
    )
    from itembank.subscoring import Reporting, Subscore, Subscores, subscores

_MEASUREMENT = {
    "Ability": "itembank.ability",
    "AbilityScoring": "itembank.ability_scoring",
    "AdaptiveDesign": "itembank.adaptive",
    "AdaptiveSimulation": "itembank.adaptive",
    "AdaptiveTest": "itembank.adaptive",
    "Anchors": "itembank.calibration",
    "Angoff": "itembank.standards",
    "Beta": "itembank.calibration",
    "Bookmark": "itembank.standards",
    "Calibration": "itembank.calibration",
    "Choice": "itembank.adaptive",
    "Classification": "itembank.mastery",
    "ClassificationAccuracy": "itembank.accuracy",
    "Cut": "itembank.mastery",
    "Differential": "itembank.differential",
    "ItemFit": "itembank.fit",
    "ItemParameters": "itembank.parameters",
    "Latent": "itembank.calibration",
    "Linking": "itembank.linking",
    "LogNormal": "itembank.calibration",
    "Method": "itembank.ability",
    "Model": "itembank.parameters",
    "Normals": "itembank.calibration",
    "Placement": "itembank.standards",
    "Prior": "itembank.ability",
    "Priors": "itembank.calibration",
    "Reporting": "itembank.subscoring",
    "RuleAccuracy": "itembank.accuracy",
    "SampledScoring": "itembank.ability_scoring",
    "Selection": "itembank.adaptive",
    "Sprt": "itembank.adaptive",
    "SprtState": "itembank.mastery",
    "StandardErrors": "itembank.calibration",
    "Stop": "itembank.adaptive",
    "Subscore": "itembank.subscoring",
    "Subscores": "itembank.subscoring",
    "Verdict": "itembank.mastery",
    "angoff": "itembank.standards",
    "bookmark": "itembank.standards",
    "borderline_group": "itembank.standards",
    "calibrate": "itembank.calibration",
    "category_of": "itembank.ability_scoring",
    "category_probability": "itembank.curves",
    "classification_accuracy": "itembank.accuracy",
    "classify": "itembank.mastery",
    "contrasting_groups": "itembank.standards",
    "dif": "itembank.differential",
    "empirical_reliability": "itembank.accuracy",
    "estimate_ability": "itembank.ability",
    "expected_score": "itembank.curves",
    "information": "itembank.curves",
    "item_fit": "itembank.fit",
    "link": "itembank.linking",
    "marginal_reliability": "itembank.accuracy",
    "mastery_by_sampling": "itembank.mastery",
    "place_by_panel": "itembank.standards",
    "probability": "itembank.curves",
    "replay": "itembank.adaptive",
    "rule_accuracy": "itembank.accuracy",
    "simulate_abilities": "itembank.simulation",
    "simulate_adaptive": "itembank.adaptive",
    "simulate_scores": "itembank.simulation",
    "sprt": "itembank.mastery",
    "sprt_errors": "itembank.adaptive",
    "subscores": "itembank.subscoring",
    "sympson_hetter": "itembank.adaptive",
    "theta_cut": "itembank.mastery",
}
"""Where each name that needs numpy is found."""


def __getattr__(name: str) -> Any:
    """Return a name that needs numpy, loading its module."""
    if name not in _MEASUREMENT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MEASUREMENT[name]), name)


def __dir__() -> list[str]:
    """Return all public names, loaded or not."""
    return sorted({*globals(), *__all__})


__all__ = [
    "BLANK",
    "Ability",
    "AbilityScoring",
    "AdaptiveDesign",
    "AdaptiveSimulation",
    "AdaptiveTest",
    "Anchors",
    "Angoff",
    "Answer",
    "Area",
    "AreaScore",
    "BankFormat",
    "Beta",
    "Blueprint",
    "Bookmark",
    "Calibration",
    "Choice",
    "Classification",
    "ClassificationAccuracy",
    "Cut",
    "Differential",
    "EntryError",
    "EntryProblem",
    "Figure",
    "Form",
    "FormImpossible",
    "FormItem",
    "Item",
    "ItemFit",
    "ItemKind",
    "ItemParameters",
    "Latent",
    "Linking",
    "LogNormal",
    "MasteryBasis",
    "Method",
    "Model",
    "MultipleCredit",
    "Normals",
    "ParsedBank",
    "PercentScoring",
    "Placement",
    "PoolItem",
    "Prior",
    "Priors",
    "Refusal",
    "Reporting",
    "RuleAccuracy",
    "SampledScoring",
    "Score",
    "ScoredResponse",
    "ScoringModel",
    "Seen",
    "Selection",
    "Shortfall",
    "Sprt",
    "SprtState",
    "StandardErrors",
    "Stop",
    "Subscore",
    "Subscores",
    "Verdict",
    "angoff",
    "bookmark",
    "borderline_group",
    "calibrate",
    "canonical_json",
    "category_of",
    "category_probability",
    "classification_accuracy",
    "classify",
    "content_digest",
    "contrasting_groups",
    "dif",
    "draw",
    "empirical_reliability",
    "estimate_ability",
    "expected_score",
    "information",
    "is_accepted",
    "item_fit",
    "item_from_json",
    "item_to_json",
    "lineage",
    "link",
    "marginal_reliability",
    "mastery_by_sampling",
    "one_of_each",
    "parse_answer",
    "parse_number",
    "place_by_panel",
    "pool_item",
    "probability",
    "read_answer",
    "read_bank",
    "replay",
    "rule_accuracy",
    "score_item",
    "shortfalls",
    "shuffle_options",
    "simulate_abilities",
    "simulate_adaptive",
    "simulate_scores",
    "sprt",
    "sprt_errors",
    "subscores",
    "sympson_hetter",
    "theta_cut",
]
