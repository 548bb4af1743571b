"""JSON text read strictly: no name twice, no NaN, nothing too deep or too large."""

from __future__ import annotations

import json
from typing import NoReturn

from itembank.faults import sentence
from itembank.item_json import RepeatedKeys

_MOST_DIGITS = 20


def load(text: str) -> object:
    """Return what JSON text holds; an object that names a key twice is marked as such."""
    try:
        data: object = json.loads(
            text,
            object_pairs_hook=_marked_object,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(sentence("text", "JSON", f"“{error.msg}”", place)) from None
    except RecursionError:
        raise ValueError(sentence("text", "JSON of a few levels", "too many levels")) from None
    return data


def _marked_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    return data if len(data) == len(pairs) else RepeatedKeys(data)


def _whole_number(digits: str) -> int | float:
    """Return a whole number, or infinity, which its item is refused for, in place of a bomb."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(sentence("text", "JSON, which has only finite numbers", name))
