"""Whether each person's answers are likely ones for that person's ability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from itembank.ability.estimates import Method, Prior
from itembank.ability.estimation import estimate_ability
from itembank.ability.scores import Block, ScoreMatrix
from itembank.arguments import FloatArray, finite, sentence_fault
from itembank.calibrated import Calibrated
from itembank.curves import derivatives
from itembank.fit.subject import Subject, subject_of
from itembank.parameters import ItemParameters

_NOTHING_LEFT = 1e-9
"""So small a share of the variance, that is left when ability is taken out, is rounding."""


_NOBODY = np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class PersonFit:
    """How likely each person's answers are, beside those of others of the same ability.

    All of shape (n_persons,), or without a dimension for one person. NaN where ability is not
    finite (by ML, of all right or all wrong), where nothing was answered, and where the answers
    leave nothing but the ability to be known.

    Attributes
    ----------
    lz : ndarray
        The log-likelihood of the answers at the estimated ability, standardised as though that were
        the true one (Drasgow, Levine & Williams, 1985): its spread is below 1, the more so the
        shorter the test. For comparison with other programs.
    lz_star : ndarray
        The same, corrected for the estimate: standard normal for long tests where the model holds.
        Low where hard items are right and easy ones wrong.
    p : ndarray
        The probability of so low an `lz_star`.
    theta : ndarray
        The ability at which it was computed, in logits.
    n : ndarray of int
        How many items each person answered.
    method : Method
    """

    lz: FloatArray
    lz_star: FloatArray
    p: FloatArray
    theta: FloatArray
    n: FloatArray
    method: Method


def person_fit(
    scores: ArrayLike,
    calibrated: Calibrated,
    method: str | Method = Method.EAP,
    *,
    prior: Prior | None = None,
    theta: ArrayLike | None = None,
) -> PersonFit:
    """Return lz and lz* of each person, for scores of two or more categories.

    With ``W = sum_j (log P_j - E log P_j)``, the slope S of the log-likelihood, the information I,
    and ``c = Cov(W, S) / I``, all at the estimate::

        lz = W / sqrt(Var W)        lz* = (W - c S) / sqrt(Var W - c^2 I)

    S is 0 at an ML estimate, ``-J / (2 I)`` at a WLE one, and what the prior pulls at a MAP one:
    for these this is Snijders' (2001) statistic; Magis, Raiche and Beland (2012) give the terms,
    and Sinharay (2016) the form for graded scores. It holds for EAP as well, and for abilities from
    elsewhere that are consistent, since a small error in ability drops out of ``W - c S``.

    Missing answers: W, S and I are of the items that a person answered, and of no others.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items) or (n_items,)
    calibrated : Calibration or ItemParameters
    method : {"eap", "map", "wle", "ml"}
        How ability is estimated; not looked at where `theta` is given.
    prior : Prior, optional
        For EAP and MAP; a calibration of one group knows it.
    theta : array_like, shape (n_persons,), optional
        Abilities from the same answers, in logits.

    Raises
    ------
    ValueError
        As `estimate_ability` does, and where `theta` is not one number for each person.

    References
    ----------
    Drasgow, F., Levine, M. V., & Williams, E. A. (1985). Appropriateness measurement with
    polychotomous item response models and standardized indices. British Journal of Mathematical
    and Statistical Psychology, 38(1), 67-86.
    Snijders, T. A. B. (2001). Asymptotic null distribution of person fit statistics with estimated
    person parameter. Psychometrika, 66(3), 331-342.
    Magis, D., Raiche, G., & Beland, S. (2012). A didactic presentation of Snijders's lz* index of
    person fit with emphasis on response model selection and ability estimation. Journal of
    Educational and Behavioral Statistics, 37(1), 57-81.
    Sinharay, S. (2016). Asymptotically correct standardization of person-fit statistics beyond
    dichotomous items. Psychometrika, 81(4), 992-1013.
    """
    of = subject_of(scores, calibrated, prior)
    ability = estimate_ability(of.matrix.values, of.parameters, method, prior=of.prior)
    points = np.asarray(ability.theta) if theta is None else _given(theta, of.matrix)
    parts = [_looked_at(block, own, of.parameters) for block, own in _blocks(of, points)]
    columns = [np.concatenate(each) for each in zip(_NOBODY, *parts, strict=True)]
    lz, star, n, at = (_shaped(each, of.matrix) for each in (*columns, points))
    return PersonFit(lz, star, np.asarray(ndtr(star)), at, n, ability.method)


def _shaped(each: FloatArray, matrix: ScoreMatrix) -> FloatArray:
    return np.asarray(each[0] if matrix.is_one_person else each)


def _given(theta: ArrayLike, matrix: ScoreMatrix) -> FloatArray:
    points = np.atleast_1d(finite("theta", theta))
    if points.shape != (len(matrix.values),):
        expected = f"of shape ({len(matrix.values)},)"
        raise sentence_fault("theta", expected, f"shape {points.shape}")
    return points


def _blocks(of: Subject, theta: FloatArray) -> Iterator[tuple[Block, FloatArray]]:
    for place, block in of.matrix.blocks():
        yield block, theta[place]


def _looked_at(
    block: Block, theta: FloatArray, parameters: ItemParameters
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lz, lz* and the number of answers of the persons of a block."""
    known = np.isfinite(theta)
    given = np.ones_like(block.scores) if block.given is None else block.given
    terms = _terms(block, np.where(known, theta, 0.0), parameters)
    w, s, variance, cross, info = (np.einsum("pj,pj->p", each, given) for each in terms)
    share = np.divide(cross, info, out=np.zeros_like(info), where=info > 0)
    left = variance - share * cross
    n = given.sum(axis=1)
    lz = _over(w, variance, known & (variance > 0))
    star = _over(w - share * s, left, known & (left > _NOTHING_LEFT * variance))
    return lz, star, n.astype(np.int64)


def _terms(block: Block, theta: FloatArray, parameters: ItemParameters) -> tuple[FloatArray, ...]:
    """Return what each item adds to W, S, Var W, Cov(W, S) and I, each (n_persons, n_items)."""
    curves = derivatives(theta, parameters)
    each, first = curves.probability, curves.first
    there = each > 0
    log = np.log(each, where=there, out=np.zeros_like(each))
    slope = np.divide(first, each, where=there, out=np.zeros_like(each))
    mean = np.einsum("pjk,pjk->pj", each, log)
    place = block.scores.astype(np.intp)[..., np.newaxis]
    seen, pull = (np.take_along_axis(table, place, axis=2)[..., 0] for table in (log, slope))
    variance = np.einsum("pjk,pjk,pjk->pj", each, log, log) - mean**2
    return (
        seen - mean,
        pull,
        np.maximum(variance, 0.0),
        np.einsum("pjk,pjk->pj", first, log),
        np.einsum("pjk,pjk->pj", first, slope),
    )


def _over(value: FloatArray, variance: FloatArray, known: FloatArray) -> FloatArray:
    spread = np.sqrt(np.where(known, variance, 1.0))
    return np.asarray(np.where(known, value / spread, np.nan))
