"""The score of a sitting: in percent, and how sure it makes us of mastery."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select

import itembank
from assessment import clock
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Area, ParameterSource
from assessment.rules import AbilityFact, AreaFact, Basis, Identity, Supervision, TestFact
from assessment.sittings.models import Sitting

LEAST_ON_SCALE = 0.5
"""The share of a section's questions that must be on the scale for ability to be judged there."""


def score_of(sitting: Sitting) -> itembank.Score:
    """Return the score of what was saved.

    On the scale that was fixed when the sitting began where there is one; without, a linear test's
    questions are a sample of their domain. An adaptive sitting that was stopped before it could
    have ended by itself says nothing of mastery: it is too short, or leaves an area out.
    """
    areas = parents(sitting.test.bank_id)
    responses = _responses(sitting)
    measured = _by_ability(sitting, areas)
    if measured is not None:
        score = measured.score(responses)
        if score.basis is not None:
            return score
    return _by_percent(sitting, areas).score(responses)


def _by_ability(sitting: Sitting, areas: dict[str, str]) -> itembank.ScoringModel | None:
    """Return scoring on the sitting's scale; None where that would say too little.

    It has no scale, its mark has no place there, it is an adaptive sitting that ended too early, or
    most questions of some section are not on the scale: a few cannot speak for the rest, nor one
    section for another.
    """
    scale = _scale(sitting)
    cut = None if scale is None else _cut(sitting, scale)
    if scale is None or cut is None or not _is_long_enough(sitting):
        return None
    contents = items.contents(question.item_version_id for question in sitting.questions)
    places = {
        item.id: scale.places[version_id]
        for version_id, item in contents.items()
        if version_id in scale.places
    }
    if not _speaks_for_every_section(contents.values(), places, areas):
        return None
    return itembank.AbilityScoring(scale.parameters, places, cut, parents=areas)


def _speaks_for_every_section(
    asked: Iterable[itembank.Item], places: Mapping[str, int], areas: Mapping[str, str]
) -> bool:
    """Return whether enough of the questions under each area at the top are on the scale."""
    on_scale: dict[str, list[bool]] = {}
    for item in asked:
        *_, section = itembank.lineage(item.area, areas)
        on_scale.setdefault(section, []).append(item.id in places)
    return all(sum(each) >= LEAST_ON_SCALE * len(each) for each in on_scale.values())


def _is_long_enough(sitting: Sitting) -> bool:
    """Return whether an adaptive sitting has what it needs before it may end by itself."""
    if sitting.test.adaptive is None:
        return True
    design = items.design(sitting.test, sitting.parameter_set_id or "").adaptive
    answered = {response.position for response in sitting.responses}
    given = [each.item_version_id for each in sitting.questions if each.position in answered]
    in_area = Counter(items.content(each).area for each in given)
    least = zip(design.content.names, design.content.least, strict=True)
    return len(given) >= design.fewest_items and all(in_area[area] >= n for area, n in least)


def _by_percent(sitting: Sitting, areas: dict[str, str]) -> itembank.ScoringModel:
    """Return scoring by points, as a sample of a domain where the test is one and has a mark."""
    test = sitting.test
    if test.adaptive is not None or not test.cuts:
        return itembank.PercentScoring(areas)
    return itembank.SampledScoring(test.cuts[0]["percent"], areas)


def _scale(sitting: Sitting) -> items.Scale | None:
    """Return the scale that was fixed when the sitting began."""
    pinned = sitting.parameter_set_id
    return None if pinned is None else items.scale(pinned, sitting.test)


def _cut(sitting: Sitting, scale: items.Scale) -> itembank.Cut | None:
    """Return the passing mark's place on a scale."""
    cuts = sitting.test.cuts
    return scale.cuts.get(cuts[0]["key"]) if cuts else None


def _responses(sitting: Sitting) -> list[itembank.ScoredResponse]:
    saved = {response.position: response.answer for response in sitting.responses}
    contents = items.contents(question.item_version_id for question in sitting.questions)
    return [
        _scored(contents[question.item_version_id], saved.get(question.position))
        for question in sitting.questions
    ]


def _scored(item: itembank.Item, stored: str | None) -> itembank.ScoredResponse:
    answer = itembank.read_answer(stored) if stored else itembank.BLANK
    return itembank.ScoredResponse(
        item_id=item.id,
        area=item.area,
        points=itembank.score_item(item, answer),
        answered=not answer.is_blank,
    )


def parents(bank_id: str) -> dict[str, str]:
    """Return each area of a bank that lies within another, with that other."""
    rows = db.session.execute(
        select(Area.key, Area.parent).where(Area.bank_id == bank_id, Area.parent.is_not(None))
    )
    return {key: str(parent) for key, parent in rows}


def fact_of(sitting: Sitting, score: itembank.Score) -> TestFact:
    """Return what the ledger keeps of a scored sitting, and rules read."""
    return TestFact(
        evidence_id="",
        test=sitting.test_key,
        test_version=sitting.test.version,
        points=evidence.exact(score.points),
        possible=evidence.exact(score.possible),
        occurred_on=sitting.ended_at or clock.now(),
        areas={
            key: AreaFact(evidence.exact(area.points), evidence.exact(area.possible), area.answered)
            for key, area in score.areas.items()
        },
        mastery=score.mastery_probability,
        supervision=Supervision(sitting.supervision),
        identity=Identity(sitting.identity),
        mastery_lowest=score.mastery_lowest,
        mastery_highest=score.mastery_highest,
        basis=None if score.basis is None else Basis(score.basis.value),
        ability=_ability(sitting, score),
    )


def _ability(sitting: Sitting, score: itembank.Score) -> AbilityFact | None:
    scale = _scale(sitting)
    cut = None if scale is None else _cut(sitting, scale)
    if scale is None or cut is None or score.theta is None or score.se is None:
        return None
    return AbilityFact(
        theta=score.theta,
        se=score.se,
        mark=cut.theta,
        mark_se=cut.se,
        scale=scale.number,
        simulated=scale.source == ParameterSource.SIMULATED,
        judged=scale.source == ParameterSource.PANEL,
    )


def score_to_text(score: itembank.Score) -> str:
    """Return a score as the sitting keeps it."""
    data: dict[str, Any] = {
        "points": score.points,
        "possible": score.possible,
        "answered": score.answered,
        "percent": score.percent,
        "areas": {
            key: [area.points, area.possible, area.answered, area.percent]
            for key, area in score.areas.items()
        },
        "theta": score.theta,
        "se": score.se,
        "mastery_probability": score.mastery_probability,
    }
    if score.basis is not None:
        data |= {"basis": score.basis.value}
        data |= {"lowest": score.mastery_lowest, "highest": score.mastery_highest}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


@lru_cache(maxsize=1024)
def score_from_text(text: str) -> itembank.Score:
    """Return the score that a sitting kept."""
    data = json.loads(text)
    areas = {key: itembank.AreaScore(*values) for key, values in data.pop("areas").items()}
    lowest, highest = data.pop("lowest", None), data.pop("highest", None)
    basis = itembank.MasteryBasis(data.pop("basis")) if "basis" in data else None
    return itembank.Score(
        **data, areas=areas, mastery_lowest=lowest, mastery_highest=highest, basis=basis
    )
