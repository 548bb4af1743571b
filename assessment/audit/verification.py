"""Whether the audit log is whole: every link, every body, every head, and what anchors saw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeAlias

from sqlalchemy import select

from assessment import storage, transactions
from assessment.audit import anchors
from assessment.audit.anchors import Anchor, Mark
from assessment.audit.models import AuditBody, AuditChain, AuditLink
from assessment.audit.service import ERASED, GENESIS, body_hash, link_hash
from assessment.extensions import db

PAGE = 2000


@dataclass(frozen=True)
class Row:
    """One link with its body, if it has one."""

    chain: str
    number: int
    at: datetime
    body_hash: str
    link_hash: str
    salt: str | None
    body: str | None


@dataclass(frozen=True)
class Report:
    """What was found: the log is whole if there are no faults."""

    chains: int
    links: int
    erased: int
    anchors: int
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Return whether nothing was found to be wrong."""
        return not self.faults


@dataclass(frozen=True)
class Seen:
    """The head of a chain that an anchor saw, and when."""

    head: str
    at: str


Marks: TypeAlias = dict[str, dict[int, list[Seen]]]
"""By chain and count, what anchors saw."""


def verify(kept: list[bytes] | None = None, trusted: frozenset[str] | None = None) -> Report:
    """Return whether the audit log is whole, judged by the anchors that are kept.

    By default these are the anchors in storage, believed under this installation's keys.
    """
    if kept is None:
        kept = anchors.kept_anchors(storage.current())
    judged = _judge(kept, anchors.trusted_keys() if trusted is None else trusted)
    transactions.begin_snapshot()
    try:
        return _check_all(judged)
    finally:
        transactions.rollback()


@dataclass(frozen=True)
class _Judged:
    """The anchors that are believed, and why others are not."""

    anchors: tuple[Anchor, ...]
    faults: tuple[str, ...]

    def marks(self) -> Marks:
        """Return what the anchors saw, by chain and count."""
        marks: Marks = {}
        for anchor in self.anchors:
            for mark in anchor.marks:
                chain = marks.setdefault(mark.chain, {})
                chain.setdefault(mark.count, []).append(Seen(mark.head, anchor.at))
        return marks


def _judge(kept: list[bytes], trusted: frozenset[str]) -> _Judged:
    believed, faults = [], []
    previous, expected = GENESIS, 1
    for data in kept:
        try:
            anchor = anchors.from_bytes(data)
        except ValueError:
            faults.append(f"Anchor {expected} cannot be read.")
            break
        if anchor.number != expected or anchor.previous != previous:
            faults.append(f"Anchor {anchor.number} does not follow from the anchor before it.")
        if anchor.key in trusted and anchor.is_signed():
            believed.append(anchor)
        else:
            faults.append(f"Anchor {anchor.number} is not signed by this installation.")
        previous, expected = anchor.digest, anchor.number + 1
    return _Judged(tuple(believed), tuple(faults))


def _check_all(judged: _Judged) -> Report:
    marks, heads = judged.marks(), _heads()
    checks = []
    for chain, rows in groupby(_rows(), key=lambda row: row.chain):
        check = _ChainCheck(chain, marks.get(chain, {}))
        for row in rows:
            check.take(row)
        check.close(heads.get(chain))
        checks.append(check)
    gone = sorted((heads.keys() | marks.keys()) - {check.chain for check in checks})
    faults = [fault for check in checks for fault in check.sentences()]
    faults += [f"{chain}: all of its links are missing." for chain in gone]
    return Report(
        chains=len(checks),
        links=sum(check.links for check in checks),
        erased=sum(len(check.missing & check.accounted) for check in checks),
        anchors=len(judged.anchors),
        faults=(*judged.faults, *faults),
    )


def _heads() -> dict[str, Mark]:
    rows = db.session.execute(select(AuditChain.chain, AuditChain.count, AuditChain.head))
    return {row.chain: Mark(*row) for row in rows}


def _rows() -> Iterator[Row]:
    query = (
        select(
            AuditLink.chain,
            AuditLink.number,
            AuditLink.at,
            AuditLink.body_hash,
            AuditLink.link_hash,
            AuditBody.salt,
            AuditBody.body,
        )
        .outerjoin(
            AuditBody,
            (AuditBody.chain == AuditLink.chain) & (AuditBody.number == AuditLink.number),
        )
        .order_by(AuditLink.chain, AuditLink.number)
        .execution_options(yield_per=PAGE)
    )
    for row in db.session.execute(query):
        yield Row(*row)


class _ChainCheck:
    """One pass over one chain, link by link, and what it finds wrong."""

    def __init__(self, chain: str, seen: dict[int, list[Seen]]) -> None:
        self.chain = chain
        self.seen = seen
        self.links = 0
        self.number = 0
        self.head = GENESIS
        self.missing: set[int] = set()
        self.accounted: set[int] = set()
        self.faults: list[str] = []

    def take(self, row: Row) -> None:
        """Check one link against the one before it."""
        if row.number != self.number + 1:
            self.faults.append(f"link {self.number + 1} is missing")
        if row.link_hash != link_hash(self.head, row.chain, row.number, row.at, row.body_hash):
            self.faults.append(f"link {row.number} does not follow from the link before it")
        self._take_body(row)
        for seen in self.seen.get(row.number, ()):
            if seen.head != row.link_hash:
                self.faults.append(
                    f"link {row.number} is not the one that the anchor of {seen.at} saw"
                )
        self.links += 1
        self.number, self.head = row.number, row.link_hash

    def _take_body(self, row: Row) -> None:
        if row.body is None:
            self.missing.add(row.number)
            return
        if row.body_hash != body_hash(row.salt or "", row.body):
            self.faults.append(f"what link {row.number} says was changed")
        self.accounted |= _erased_by(row.body)

    def close(self, head: Mark | None) -> None:
        """Check the end of the chain against its head and the anchors."""
        for number in sorted(self.missing - self.accounted):
            self.faults.append(f"what link {number} says is missing, and no erasure names it")
        if head is None:
            self.faults.append("its head is missing")
        elif (head.count, head.head) != (self.number, self.head):
            self.faults.append(f"its head counts {head.count} links, and the last is {self.number}")
        beyond = max((count for count in self.seen if count > self.number), default=None)
        if beyond is not None:
            at = self.seen[beyond][0].at
            self.faults.append(
                f"the anchor of {at} saw {beyond} links, and there are {self.number}"
            )

    def sentences(self) -> list[str]:
        """Return what is wrong, in sentences."""
        return [f"{self.chain}: {fault}." for fault in self.faults]


def _erased_by(body: str) -> set[int]:
    if ERASED not in body:
        return set()
    try:
        said = json.loads(body)
        return set(said["details"]["numbers"]) if said["act"] == ERASED else set()
    except (ValueError, KeyError, TypeError):
        return set()
