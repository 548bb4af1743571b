"""A measured ability drawn beside its mark."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.awards.drawing import (
    DARK,
    HEIGHT,
    LIGHT,
    WIDTH,
    ability_drawing,
    ability_picture,
)
from assessment.awards.wording import logits
from assessment.headers import CONTENT_SECURITY_POLICY
from assessment.rules import AbilityFact

SVG = "{http://www.w3.org/2000/svg}"


def measured(theta: float = 0.62, se: float = 0.31, mark: float = -0.1) -> AbilityFact:
    """Return an ability beside a mark."""
    return AbilityFact(theta, se, mark, 0.05, 2)


def drawn(ability: AbilityFact) -> ElementTree.Element:
    """Return the drawing, read."""
    return ElementTree.fromstring(ability_drawing(ability))


def words(ability: AbilityFact) -> list[str]:
    """Return all that the drawing says."""
    return [each.text or "" for each in drawn(ability).iter(f"{SVG}text")]


def test_it_names_ability_and_mark_and_its_scale_is_whole_logits(context: Flask) -> None:
    found = words(measured())
    assert found[-2:] == ["Passing mark \N{MINUS SIGN}0.10", "Ability 0.62"]
    assert found[:-2] == ["\N{MINUS SIGN}1", "0", "1", "2", "3"]


def test_it_speaks_french_with_a_decimal_comma(context: Flask) -> None:
    with force_locale("fr_CA"):
        assert words(measured())[-2:] == ["Note de passage \N{MINUS SIGN}0,10", "Habileté 0,62"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-8, 8), st.floats(0.05, 3), st.floats(-8, 8))
def test_everything_stands_inside_and_in_order(
    context: Flask, theta: float, se: float, mark: float
) -> None:
    tree = drawn(measured(theta, se, mark))
    (dot,), (above,) = list(tree.iter(f"{SVG}circle")), list(tree.iter(f"{SVG}rect"))
    x, edge = float(dot.attrib["cx"]), float(above.attrib["x"])
    assert 0 < x < WIDTH
    assert 0 < edge < WIDTH
    if abs(theta - mark) > 0.1:
        assert (x > edge) is (theta > mark)
    for text in tree.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= WIDTH
        assert 0 < float(text.attrib["y"]) < HEIGHT


@pytest.mark.parametrize(("theta", "mark"), [(1.86, 0.25), (-2.0, 0.25), (0.0, 3.9), (5.0, -3.9)])
def test_words_near_an_edge_begin_or_end_there(context: Flask, theta: float, mark: float) -> None:
    widest = 8.0
    for text in drawn(measured(theta, 0.3, mark)).iter(f"{SVG}text"):
        length, x = widest * len(text.text or ""), float(text.attrib["x"])
        before = {"start": 0.0, "middle": length / 2, "end": length}[text.attrib["text-anchor"]]
        assert x - before >= 0
        assert x - before + length <= WIDTH


def test_it_needs_no_style_and_no_script_and_the_policy_lets_it_in(context: Flask) -> None:
    picture = ability_picture(measured())
    assert picture.startswith("data:image/svg+xml,")
    assert not set(picture) & set("<>\"' ")
    assert "img-src 'self' data:" in CONTENT_SECURITY_POLICY
    for unwanted in ("style", "script", "href", "http://www.w3.org/1999"):
        assert unwanted not in unquote(picture)


def test_dark_paper_has_inks_of_its_own(context: Flask) -> None:
    dark = unquote(ability_picture(measured(), dark=True))
    assert DARK.ability in dark
    assert LIGHT.ability not in dark


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.1, "0.10"), (-0.001, "0.00"), (-1.25, "\N{MINUS SIGN}1.25"), (12.3456, "12.35")],
)
def test_logits_have_two_decimals_and_a_true_minus(
    context: Flask, number: float, shown: str
) -> None:
    assert logits(number) == shown
