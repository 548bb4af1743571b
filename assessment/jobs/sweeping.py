"""What recurring duties find to do, done one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from assessment import transactions

Each = TypeVar("Each")

log = logging.getLogger("attest.worker")


def one_by_one(duty: str, found: Iterable[Each], act: Callable[[Each], object]) -> None:
    """Act on each of what a duty found, in a transaction of its own.

    What goes wrong with one is logged, and keeps nothing from the others: it is found again.
    """
    for each in list(found):
        transactions.rollback()  # reading began a transaction that cannot write
        try:
            with transactions.writing():
                act(each)
        except Exception as error:
            facts = {"duty": duty, "error": type(error).__name__}
            log.exception("one of a duty did not succeed", extra=facts)
