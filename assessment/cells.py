"""Cells of a CSV file that a spreadsheet shows and never calculates."""

from __future__ import annotations

APOSTROPHE = "'"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}")


def safe(text: str) -> str:
    """Return the text as a cell: with an apostrophe before it where it could be a formula."""
    return APOSTROPHE + text if _is_suspect(text) else text


def plain(cell: str) -> str:
    """Return the text that `safe` was given."""
    is_marked = cell.startswith(APOSTROPHE) and _is_suspect(cell)
    return cell.removeprefix(APOSTROPHE) if is_marked else cell


def _is_suspect(text: str) -> bool:
    """Whether a formula begins here, or would once the apostrophes before it are taken away."""
    return text.lstrip(APOSTROPHE).lstrip(" ").startswith(BEGINS_A_FORMULA)
