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
    MultipleCredit,
    PercentScoring,
    Score,
    ScoredResponse,
    ScoringModel,
    score_item,
)

if TYPE_CHECKING:
    from itembank.curves import (
        category_probability,
        expected_score,
        information,
        probability,
    )
    from itembank.parameters import ItemParameters, Model
    from itembank.simulation import simulate_abilities, simulate_scores

_MEASUREMENT = {
    "ItemParameters": "itembank.parameters",
    "Model": "itembank.parameters",
    "category_probability": "itembank.curves",
    "expected_score": "itembank.curves",
    "information": "itembank.curves",
    "probability": "itembank.curves",
    "simulate_abilities": "itembank.simulation",
    "simulate_scores": "itembank.simulation",
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
    "Answer",
    "Area",
    "AreaScore",
    "BankFormat",
    "Blueprint",
    "EntryError",
    "EntryProblem",
    "Figure",
    "Form",
    "FormImpossible",
    "FormItem",
    "Item",
    "ItemKind",
    "ItemParameters",
    "Model",
    "MultipleCredit",
    "ParsedBank",
    "PercentScoring",
    "PoolItem",
    "Refusal",
    "Score",
    "ScoredResponse",
    "ScoringModel",
    "Seen",
    "Shortfall",
    "canonical_json",
    "category_probability",
    "content_digest",
    "draw",
    "expected_score",
    "information",
    "is_accepted",
    "item_from_json",
    "item_to_json",
    "one_of_each",
    "parse_answer",
    "parse_number",
    "pool_item",
    "probability",
    "read_answer",
    "read_bank",
    "score_item",
    "shortfalls",
    "shuffle_options",
    "simulate_abilities",
    "simulate_scores",
]
