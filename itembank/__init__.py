"""Measurement: items, forms and scores; pure, and usable in a notebook."""

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
    "content_digest",
    "draw",
    "is_accepted",
    "item_from_json",
    "item_to_json",
    "one_of_each",
    "parse_answer",
    "parse_number",
    "pool_item",
    "read_answer",
    "read_bank",
    "score_item",
    "shortfalls",
    "shuffle_options",
]
