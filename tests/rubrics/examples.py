"""Builders of rubrics, policies and ratings, and strategies that make any valid ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rubrics import (
    Cause,
    Criterion,
    Level,
    Policy,
    Rating,
    Resolution,
    Resolved,
    Role,
    Rubric,
    resolve,
)

SCALE = ("not-yet", "developing", "proficient", "expert")
KEYS = ("isolates", "verifies", "tidies")
SAFE = "verifies"
"""The criterion that is safety-critical, at `proficient`, in the rubrics made here."""


WATCHED = ("isolates", "verifies")
"""The criteria that observers may rate."""


def both(text: str) -> dict[str, str]:
    """Return wording in both languages."""
    return {"en": text, "fr": f"{text} (fr)"}


def level(key: str, points: int) -> Level:
    return Level(key=key, title=both(key), points=points)


def criterion(key: str, **changes: Any) -> Criterion:
    """Return a criterion that describes every level of the scale."""
    fields: dict[str, Any] = {
        "key": key,
        "title": both(key),
        "descriptors": {each: both(f"{key} {each}") for each in SCALE},
    }
    return Criterion(**(fields | changes))


def rubric(**changes: Any) -> Rubric:
    """Return a rubric of three criteria, the second of which is safety-critical."""
    fields: dict[str, Any] = {
        "key": "hv-isolation",
        "version": 2,
        "title": both("Isolating a battery"),
        "levels": [level(key, 2 * place) for place, key in enumerate(SCALE)],
        "criteria": [
            criterion("isolates", weight=3),
            criterion(SAFE, weight=2, safety_level="proficient"),
            criterion("tidies", observers_may_rate=False),
        ],
    }
    return Rubric(**(fields | changes))


def plain() -> Rubric:
    """Return a rubric of three criteria, none of them safety-critical."""
    return rubric(criteria=[criterion(key, observers_may_rate=key in WATCHED) for key in KEYS])


def policy(**changes: Any) -> Policy:
    """Return a policy that asks two assessors for `proficient`."""
    fields: dict[str, Any] = {"rubric": rubric(), "required": "proficient"}
    return Policy(**(fields | changes))


def marks(*ranks: int | None) -> dict[str, str | None]:
    """Return the levels of the criteria, in their order, by rank."""
    return {
        key: None if rank is None else SCALE[rank] for key, rank in zip(KEYS, ranks, strict=False)
    }


def rating(rater: str, *ranks: int | None, role: Role = Role.ASSESSOR, **changes: Any) -> Rating:
    """Return a rating of the criteria in their order, by rank."""
    return Rating(**({"rater": rater, "role": role, "marks": marks(*ranks)} | changes))


def observer(rater: str, *ranks: int | None, **changes: Any) -> Rating:
    return rating(rater, *ranks, role=Role.OBSERVER, **changes)


def adjudicator(*ranks: int | None, **changes: Any) -> Rating:
    return rating("adjudicator", *ranks, role=Role.ADJUDICATOR, **changes)


def reviewer(*ranks: int | None, rater: str = "reviewer", **changes: Any) -> Rating:
    return rating(rater, *ranks, role=Role.REVIEWER, **changes)


def resolved(ratings: list[Rating], rules: Policy) -> Resolved:
    """Return the level that ratings make, which they do."""
    found = resolve(ratings, rules)
    assert isinstance(found, Resolved), found
    return found


def ranks(found: Resolved) -> list[int]:
    """Return the ranks of the criteria."""
    return [SCALE.index(level) for level in found.criteria.values()]


def causes(found: Resolution) -> list[Cause]:
    """Return the causes of the reasons."""
    return [each.cause for each in found.reasons]


any_rank = st.integers(0, len(SCALE) - 1)
any_mark = st.none() | any_rank


@st.composite
def assessors(draw: st.DrawFn, least: int = 0, most: int = 4) -> list[Rating]:
    """Return ratings by assessors, of one or two rounds."""
    number = draw(st.integers(least, most))
    return [
        rating(f"assessor {n}", *draw(st.tuples(any_mark, any_mark, any_mark)), round=1 + (n > 2))
        for n in range(number)
    ]


@st.composite
def observers(draw: st.DrawFn, most: int = 3) -> list[Rating]:
    """Return ratings by observers: some capped, some in conflict."""
    return [
        observer(
            f"observer {n}",
            *draw(st.tuples(any_mark, any_mark)),
            is_capped=draw(st.booleans()),
            in_conflict=draw(st.booleans()),
            occasions=draw(st.sampled_from([(), ("monday",), ("monday", "friday")])),
        )
        for n in range(draw(st.integers(0, most)))
    ]


@st.composite
def like_minded(draw: st.DrawFn) -> list[Rating]:
    """Return ratings by two to five assessors who saw everything, most within a step."""
    level = draw(st.tuples(*[st.integers(0, len(SCALE) - 2)] * len(KEYS)))
    near = st.sampled_from([0, 0, 1, 1, 2])
    return [
        rating(f"assessor {n}", *[min(each + draw(near), len(SCALE) - 1) for each in level])
        for n in range(draw(st.sampled_from([2, 2, 2, 3, 4, 5])))
    ]


@st.composite
def panels(draw: st.DrawFn) -> list[Rating]:
    """Return any ratings of one performance; enough of them can be resolved."""
    final = adjudicator(*draw(st.tuples(any_mark, any_mark, any_mark)))
    review = reviewer(draw(any_mark), draw(any_mark), round=draw(st.sampled_from([1, 2])))
    settling = draw(st.sampled_from([[], [], [final], [final, review], [review]]))
    return [*draw(assessors() | like_minded()), *draw(observers()), *settling]


@st.composite
def policies(draw: st.DrawFn, /, **fixed: Any) -> Policy:
    """Return any policy on the rubric with a safety-critical criterion, or on the plain one."""
    fields: dict[str, Any] = {
        "rubric": draw(st.sampled_from([rubric(), plain()])),
        "required": draw(st.sampled_from(SCALE[1:])),
        "decision": draw(st.sampled_from(["conjunctive", "compensatory"])),
        "minima": draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(SCALE))),
        "raters": draw(st.sampled_from([1, 2, 2, 3])),
        "closeness": draw(st.sampled_from(["exact", "adjacent"])),
        "tie": draw(st.sampled_from(["lower", "higher"])),
        "third_rater": draw(st.booleans()),
        "observers": draw(st.sampled_from([0, 0, 0, 1, 2])),
        "safety_observers": draw(st.sampled_from([0, 0, 0, 2])),
        "occasions": draw(st.sampled_from([1, 1, 1, 2])),
    }
    return Policy(**(fields | fixed))
