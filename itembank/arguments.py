"""Arrays as callers hand them over: checked, and named in the message where they are not fit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.faults import fault, sentence

FloatArray: TypeAlias = NDArray[np.float64]
"""Numbers in double precision."""
BoolArray: TypeAlias = NDArray[np.bool_]
"""Truths."""
IntArray: TypeAlias = NDArray[np.int64]
"""Whole numbers."""
ScoreArray: TypeAlias = NDArray[Any]
"""Scores as they were given: floats with NaN, or small integers with -1, for not administered."""

_ENORMOUS = 1e300
"""What is beyond it is no number of anything, and overflows where it is multiplied."""
_NUMERIC = "biufO"
"""Kinds of arrays read as numbers; objects are tried one by one."""


def numbers(name: str, value: ArrayLike, *, ndim: int | None = None, shape: str = "") -> FloatArray:
    """Return an argument as an array of floats, of as many dimensions as asked.

    `shape` says in the message what the array is by, such as ``(n_persons, n_items)``. None and
    what a mask hides become NaN; text is refused, also where it could be read as a number.
    """
    array = _read(name, value, shape).astype(np.float64, copy=False)
    if ndim is not None and array.ndim != ndim:
        allowed = f"an array{_of(shape)}" if ndim else "a number"
        raise sentence_fault(name, allowed, f"shape {array.shape}")
    return array


def scores_given(value: ArrayLike, shape: str = "(n_persons, n_items)") -> ScoreArray:
    """Return scores as an array of the type in which they were given, so that int8 stays so.

    None and what a mask hides become NaN, in floats; truths become small integers.
    """
    array = _read("scores", value, shape)
    return array.view(np.int8) if array.dtype.kind == "b" else array


def _read(name: str, value: ArrayLike, shape: str) -> NDArray[Any]:
    try:
        return _as_numbers(value)
    except (TypeError, ValueError):
        raise fault(name, f"numbers{_of(shape)}", value) from None


def _as_numbers(value: ArrayLike) -> NDArray[Any]:
    is_masked = isinstance(value, np.ma.MaskedArray)
    array: NDArray[Any] = np.asanyarray(value) if is_masked else np.asarray(value)
    if array.dtype.kind not in _NUMERIC:
        raise TypeError
    if is_masked or array.dtype.kind == "O":
        return np.ma.filled(array.astype(np.float64), np.nan)
    return array


def finite(name: str, value: ArrayLike, *, ndim: int | None = None, shape: str = "") -> FloatArray:
    """Return an argument as an array of finite floats."""
    array = numbers(name, value, ndim=ndim, shape=shape)
    require(np.isfinite(array), name, f"finite{_of(shape)}", array)
    return array


def one_each(name: str, value: ArrayLike, n: int) -> FloatArray:
    """Return one finite number for each of `n`, from one for all or one for each."""
    array = finite(name, value)
    if array.shape not in {(), (n,)}:
        raise sentence_fault(name, f"a number or of shape ({n},)", f"shape {array.shape}")
    return np.broadcast_to(array, n)


def require(holds: BoolArray, name: str, allowed: str, array: NDArray[Any]) -> None:
    """Refuse an array in which something does not hold, naming the first place."""
    if not holds.all():
        raise fault_at(name, allowed, array, np.argwhere(~np.atleast_1d(holds))[0])


def fault_at(name: str, allowed: str, array: NDArray[Any], place: NDArray[Any]) -> ValueError:
    """Return the error that names what stands at one place of an array."""
    index = tuple(int(each) for each in place)
    found = np.atleast_1d(array)[index]
    where = "" if array.ndim == 0 else str(index[0]) if len(index) == 1 else str(index)
    return sentence_fault(name, allowed, f"{found:g}", where)


def sentence_fault(name: str, allowed: str, got: str, where: str = "") -> ValueError:
    """Return the error of a caller's mistake, for a value that is already in words."""
    return ValueError(sentence(name, allowed, got, where))


def number(name: str, value: object, allowed: str, holds: Callable[[float], bool]) -> float:
    """Return an argument as one number of which `holds` is true; `allowed` says so in words."""
    is_number = isinstance(value, int | float | np.integer | np.floating)
    if not is_number or isinstance(value, bool) or abs(value) > _ENORMOUS or not holds(value):  # type: ignore[arg-type] # it is a number where it comes to that
        raise fault(name, allowed, value)
    return float(value)  # type: ignore[arg-type] # as above


def whole(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return an argument as a whole number from `least` to `most`."""
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):  # type: ignore[operator] # a number where it comes to that
        allowed = f"a whole number from {least} to {most}"
        raise fault(name, f"a whole number, {least} or more" if most is None else allowed, value)
    return int(value)  # type: ignore[call-overload, no-any-return] # as above


def generator_of(seed: int) -> np.random.Generator:
    """Return the generator of a seed, a whole number of 0 or more."""
    return np.random.default_rng(whole("seed", seed, 0))


def distinct(name: str, values: Sequence[Hashable]) -> None:
    """Refuse a sequence in which something stands twice, naming it and its second place."""
    seen: set[Hashable] = set()
    for place, value in enumerate(values):
        if not isinstance(value, Hashable):
            raise fault(name, "of names or numbers", value, str(place))
        if value in seen:
            raise fault(name, "without duplicates", value, str(place))
        seen.add(value)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of an array that cannot be written to."""
    copy = np.array(array)
    copy.setflags(write=False)
    return copy


def _of(shape: str) -> str:
    return f" of shape {shape}" if shape else ""
