"""Plots: what they say and draw, the same bytes each time, shown by the strictest page."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from threading import Event, Thread
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from numpy.typing import NDArray

from itembank import (
    ItemFit,
    ItemParameters,
    category_probability,
    information,
    item_fit,
    plots,
    probability,
)
from itembank.plots.canvas import settings
from itembank.plots.groups import groups_by, groups_within, interval

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Mark:
    """A cut that has an error."""

    theta: float
    se: float


@dataclass(frozen=True)
class World:
    """Persons who follow the model exactly."""

    theta: NDArray[np.float64]
    parameters: ItemParameters
    scores: NDArray[np.float64]


def world(seed: int, n_persons: int = 1_000, n_items: int = 16) -> World:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=n_persons)
    parameters = ItemParameters("2pl", rng.lognormal(0.2, 0.3, n_items), rng.normal(size=n_items))
    right = rng.random((n_persons, n_items)) < probability(theta, parameters)
    return World(theta, parameters, right.astype(np.float64))


WORLD = world(1)
GRADED = ItemParameters("grm", [1.0, 2.3], [[-4.67, -2.5, 1.4], [-2.3, -0.96, 0.85]])
GRADES = np.tile([[0, 1], [1, 0], [2, 2], [3, 3], [2, 1], [1, 2]], (50, 1))
CHOSEN = np.where(WORLD.scores[:, 2] == 1, 1, np.arange(1_000) % 3 * 2 % 5)


FIT = item_fit(WORLD.scores, WORLD.parameters)[3]


MANY = ItemParameters("rasch", 1.0, np.random.default_rng(2).normal(size=900))


def one_of_each() -> list[plots.Plot]:
    return [
        plots.item_characteristic(GRADED, 1, scores=GRADES),
        plots.test_information(GRADED, cut=0.3),
        plots.wright_map(GRADED, WORLD.theta),
        plots.option_curves(WORLD.theta, CHOSEN, 1),
        plots.item_fit(FIT),
    ]


@cache
def every_plot(language: str, theme: str) -> list[plots.Plot]:
    """Return plots of every kind, with and without what each may have; drawn once for all."""
    said = {"language": plots.Language(language), "theme": plots.Theme(theme)}
    mark = Mark(0.35, 0.12)
    return [
        plots.item_characteristic(WORLD.parameters, 3, scores=WORLD.scores, **said),
        plots.item_characteristic(WORLD.parameters, 3, **said),
        plots.item_characteristic(GRADED, 1, scores=GRADES, **said),
        plots.test_information(WORLD.parameters, cut=mark, **said),
        plots.test_information(WORLD.parameters, cut=-3.9, **said),
        plots.wright_map(WORLD.parameters, WORLD.theta, cut=mark, **said),
        plots.wright_map(GRADED, WORLD.theta, **said),
        plots.wright_map(MANY, WORLD.theta, cut=mark, **said),
        plots.wright_map(MANY, **said),
        plots.option_curves(WORLD.theta, CHOSEN, 1, **said),
        plots.item_fit(FIT, **said),
        plots.item_fit(item_fit(GRADES, GRADED)[1], **said),
    ]


def column(plot: plots.Plot, title: str) -> list[plots.plot.Cell]:
    place = plot.table.titles.index(title)
    return [row[place] for row in plot.table.rows]


def test_an_svg_holds_nothing_that_a_strict_policy_forbids() -> None:
    for plot in every_plot("fr", "dark"):
        svg = plot.svg()
        root = ElementTree.fromstring(svg)
        named = {element.tag.rpartition("}")[2] for element in root.iter()}
        attributes = {name for element in root.iter() for name in element.attrib}
        assert named <= {
            "svg",
            "title",
            "desc",
            "g",
            "defs",
            "path",
            "use",
            "text",
            "clipPath",
            "rect",
        }
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        links = [
            value for each in root.iter() for name, value in each.attrib.items() if "href" in name
        ]
        assert all(link.startswith("#") for link in links)
        addresses = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert set(re.findall(r"https?://[^\"' ]+", svg)) <= addresses
        texts = [element.text for element in root if element.tag.endswith(("title", "desc"))]
        assert texts == [plot.title, plot.sentence]


def test_an_svg_is_the_same_bytes_each_time_whatever_else_is_set() -> None:
    first, again = one_of_each(), [plot.svg() for plot in one_of_each()]
    assert [plot.svg() for plot in first] == [plot.svg() for plot in first] == again
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "lines.linewidth": 9}):
        assert [plot.svg() for plot in one_of_each()] == again


def test_nothing_that_others_set_is_changed() -> None:
    with mpl.rc_context({"font.size": 7}):
        before = dict(mpl.rcParams)
        plots.test_information(GRADED).svg()
        assert dict(mpl.rcParams) == before


def test_one_thread_draws_at_a_time_since_the_settings_are_everybodys() -> None:
    drawn = Event()

    def draw() -> None:
        with settings():
            drawn.set()

    thread = Thread(target=draw)
    with settings():
        thread.start()
        assert not drawn.wait(0.05)
    thread.join()
    assert drawn.is_set()


def test_no_global_state_is_loaded() -> None:
    code = "import sys, itembank.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def texts_of(plot: plots.Plot) -> list[Text]:
    return [each for each in plot.figure.findobj(Text) if each.get_text() and each.get_visible()]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
def test_no_words_lie_on_others_or_off_the_sheet(language: str, theme: str) -> None:
    """Measured in a wide typeface; those of most readers are narrower."""
    for plot in every_plot(language, theme):
        canvas = FigureCanvasAgg(plot.figure)
        canvas.draw()
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(plot)]
        drawn = [(text, box) for text, box in boxes if box.width and text.strip()]
        sheet = plot.figure.bbox
        for text, box in drawn:
            assert sheet.x0 <= box.x0 < box.x1 <= sheet.x1, (plot.title, text)
            assert sheet.y0 <= box.y0 < box.y1 <= sheet.y1, (plot.title, text)
        for (one, first), (other, second) in combinations(drawn, 2):
            assert not first.padded(-0.5).overlaps(second), (plot.title, one, other)


def test_a_notebook_shows_an_opaque_drawing_and_a_page_a_transparent_one() -> None:
    for theme, surface in (("light", "#ffffff"), ("dark", "#192225")):
        plot = plots.test_information(GRADED, theme=theme)
        assert surface in plot._repr_svg_()
        assert surface not in plot.svg()
        assert (plot.width, plot.height) == (480, 507)


def test_information_is_that_of_the_items_and_the_cut_is_named() -> None:
    plot = plots.test_information(WORLD.parameters, cut=Mark(0.35, 0.1))
    theta = np.array(column(plot, "Ability (logits)"), dtype=np.float64)
    total = information(theta, WORLD.parameters).sum(axis=1)
    assert column(plot, "Information") == pytest.approx(total.tolist())
    assert column(plot, "Standard error (logits)") == pytest.approx((total**-0.5).tolist())
    assert [row for row in plot.table.rows if row[3]] == [
        row for row in plot.table.rows if row[0] == 0.35
    ]
    assert "cut 0.35" in plot.svg()
    at_cut = float(information(0.35, WORLD.parameters).sum()) ** -0.5
    assert f"At the cut, 0.35, its standard error is {at_cut:.2f} logits." in plot.sentence


def test_french_is_written_as_in_canada() -> None:
    plot = plots.test_information(WORLD.parameters, cut=-0.35, language="fr")
    assert "Au seuil, −0,35, son erreur type" in plot.sentence
    assert f"{NO_BREAK}:" in plot.sentence
    assert ">0,5<" in plot.svg()
    assert "Habileté θ (logits)" in plot.svg()
    assert "seuil −0,35" in plot.svg()
    assert plot.table.titles[0] == "Habileté (logits)"
    assert plot.table.texts[0][0] == "−4,00"
    assert "-0.35," in plot.csv()


def test_a_curve_says_where_the_item_lies_and_what_agrees() -> None:
    plot = plots.item_characteristic(
        WORLD.parameters, 3, scores=WORLD.scores, theta=WORLD.theta, name="C-4"
    )
    where, slope = WORLD.parameters.threshold[3, 0], WORLD.parameters.slope[3]
    said = f"Item C-4: at ability −{-where:.2f}, 50{NO_BREAK}% answer it right; its slope is "
    assert plot.sentence.startswith(f"{said}{slope:.2f} per logit.")
    assert plot.title == "Item C-4: characteristic curve"
    assert column(plot, "Persons") == [100] * 10
    lowest = np.argsort(WORLD.theta)[:100]
    assert column(plot, "Observed")[0] == pytest.approx(WORLD.scores[lowest, 3].mean())
    assert column(plot, "Ability (logits)")[0] == pytest.approx(WORLD.theta[lowest].mean())
    expected = probability(WORLD.theta[lowest], WORLD.parameters)[:, 3].mean()
    assert column(plot, "Expected")[0] == pytest.approx(expected)
    inside = sum(low <= at <= high for low, high, at in (row[4:] for row in plot.table.rows))
    assert f"Of 10 observed proportions, {inside} agree" in plot.sentence


def test_a_graded_item_has_a_curve_for_each_score() -> None:
    plot = plots.item_characteristic(GRADED, 1)
    assert plot.table.titles == ("Ability (logits)", "Score 0", "Score 1", "Score 2", "Score 3")
    assert [sum(row[1:]) for row in plot.table.rows] == pytest.approx([1.0] * 17)
    at_zero = category_probability(0.0, GRADED)[1].tolist()
    assert next(row for row in plot.table.rows if row[0] == 0)[1:] == pytest.approx(at_zero)
    assert "thresholds at −2.30, −0.96, 0.85 logits" in plot.sentence


def test_scores_of_one_item_or_of_all_give_the_same_groups() -> None:
    every, own = WORLD.scores.copy(), WORLD.scores[:, 3].copy()
    every[:7, 3] = own[:7] = np.nan
    as_integers = np.where(np.isnan(own), -1, own).astype(np.int8)
    drawn = [
        plots.item_characteristic(WORLD.parameters, 3, scores=scores, theta=WORLD.theta).csv()
        for scores in (every, own, as_integers)
    ]
    assert drawn[0] == drawn[1] == drawn[2]
    rows = list(csv.reader(io.StringIO(drawn[0])))[1:]
    assert sum(int(row[2]) for row in rows) == 993


def test_groups_by_posterior_do_not_lean_where_the_model_holds() -> None:
    """Five items; a group's share less the expected, in its standard errors: mean 0, sd under 1.

    Groups by the same persons' estimates lean: the number right is itself part of the estimate.
    """
    found, leaning = [], []
    for seed in range(40):
        own = world(seed, n_persons=600, n_items=5)
        item = own.parameters.take([0])
        groups = groups_within(own.scores.astype(np.int64), own.parameters)
        expected = groups.expected(item)[:, 1]
        share = groups.share(own.scores[:, 0])
        found.append((share - expected) / np.sqrt(expected * (1 - expected) / groups.size))
        by_score = groups_by(own.scores.sum(axis=1))
        leaning.append(by_score.share(own.scores[:, 0])[[0, -1]])
    assert np.abs(np.mean(found, axis=0)).max() < 4 / np.sqrt(40)
    assert np.mean(np.abs(found) < 1.96) > 0.93
    assert np.mean(leaning, axis=0) == pytest.approx([0, 1], abs=0.2)


def test_groups_hold_every_person_once() -> None:
    groups = groups_within(WORLD.scores.astype(np.int64), WORLD.parameters)
    assert groups.weight.sum(axis=1) == pytest.approx(np.ones(1_000))
    assert np.all(np.diff(groups.ability) > 0)
    assert groups.ability.size == 10
    tied = groups_by(np.repeat([0.0, 1.0], [900, 100]))
    assert tied.ability == pytest.approx([0.0, 1.0])
    assert tied.size.tolist() == [900, 100]


def test_intervals_are_those_of_wilson() -> None:
    """Newcombe (1998), Table I: 81 of 263, and 0 of 20, by method 3."""
    ends = interval(np.array([81 / 263, 0.0]), np.array([263.0, 20.0]))
    assert ends.lowest == pytest.approx([0.2553, 0.0], abs=5e-5)
    assert ends.highest == pytest.approx([0.3662, 0.1611], abs=5e-5)


def test_a_wright_map_lists_every_threshold_in_order() -> None:
    plot = plots.wright_map(GRADED, [0.0, 1.0, -3.0, 2.0], cut=0.5, names=["A", "B"])
    assert column(plot, "Item") == ["A.1", "A.2", "B.1", "B.2", "B.3", "A.3"]
    assert column(plot, "Location (logits)") == [-4.67, -2.5, -2.3, -0.96, 0.85, 1.4]
    assert column(plot, "Persons above") == [4, 3, 3, 3, 2, 1]
    assert "4 persons lie at 0.00 on average, with a standard deviation of 1.87." in plot.sentence
    assert f"50{NO_BREAK}% of the persons lie above the cut, 0.50." in plot.sentence
    assert "B.2" in plot.svg()


def test_many_items_are_bars_and_no_names() -> None:
    plot = plots.wright_map(MANY, WORLD.theta)
    assert ">899<" not in plot.svg()
    assert len(plot.table.rows) == 900
    assert plot.sentence.startswith("900 items lie from")


def test_an_option_that_the_able_choose_is_named() -> None:
    theta = np.linspace(-2, 2, 400)
    usual = np.where(theta > 0, 2, np.arange(400) % 2)
    plot = plots.option_curves(theta, usual, 2)
    assert plot.sentence == (
        f"Option C, the key, is chosen by 0{NO_BREAK}% of the least able group and 100{NO_BREAK}% "
        "of the ablest."
    )
    assert column(plot, "Option A") == pytest.approx([0.5] * 5 + [0.0] * 5)
    miskeyed = plots.option_curves(theta, usual, 0, names=["a", "b", "c"])
    assert miskeyed.sentence.endswith(
        "Look at option c: the able choose it more often, though it is no key."
    )
    unanswered = plots.option_curves(theta, np.where(theta > 1.9, -1, usual), 2)
    assert sum(column(unanswered, "Persons")) == np.sum(theta <= 1.9)


def test_options_that_hardly_anyone_chooses_are_not_told_apart() -> None:
    chosen = np.tile([0, 0, 0, 0, 0, 1, 1, 1, 2, 3], 200)
    plot = plots.option_curves(np.linspace(-2, 2, 2_000), chosen, 0, names=list("abcde"))
    assert re.findall(r">([a-e]|a \(key\)|others)<", plot.svg()) == ["others", "b", "a (key)"]
    assert plot.table.titles[2:] == ("Option a (key)", *(f"Option {name}" for name in "bcde"))


def test_a_sheet_opens_the_table_without_calculating() -> None:
    plot = plots.wright_map(GRADED.take([0]), names=["=1+1"])
    assert [row[0] for row in csv.reader(io.StringIO(plot.csv()))][1:] == [
        "'=1+1.1",
        "'=1+1.2",
        "'=1+1.3",
    ]


def test_fit_is_drawn_by_total_score() -> None:
    plot = plots.item_fit(FIT, name="C-4")
    total = WORLD.scores.sum(axis=1)
    low, high = (column(plot, f"{which} total") for which in ("Lowest", "Highest"))
    assert len(low) <= 12
    assert low[1:] == [end + 1 for end in high[:-1]]
    for place, row in enumerate(plot.table.rows):
        own = (total >= row[0]) & (total <= row[1])
        assert column(plot, "Persons")[place] == own.sum()
        assert column(plot, "Observed")[place] == pytest.approx(WORLD.scores[own, 3].mean())
        assert row[4] <= row[3] <= row[5]
    inside = sum(row[4] <= row[6] <= row[5] for row in plot.table.rows)
    assert plot.title == "Item C-4: fit by total score"
    assert plot.sentence == (
        f"Item C-4: of {len(low)} groups by total score, {inside} agree with the model within "
        f"their 95{NO_BREAK}% intervals. S-X² is {FIT.statistic:.2f} on {FIT.df} degrees of "
        f"freedom, p = {FIT.p:.3f}."
    )


def test_a_graded_items_fit_is_its_share_of_points() -> None:
    fit = item_fit(GRADES, GRADED)[1]
    plot = plots.item_fit(fit)
    assert "Share of the points" in plot.svg()
    assert plot.sentence.endswith("Too few groups are left to test them together.")
    rows = [row for row in GRADES if 0 < row.sum() < 6]
    assert sum(column(plot, "Persons")) == len(rows)  # type: ignore[arg-type] # numbers


def none_complete() -> ItemFit:
    scores = WORLD.scores.copy()
    scores[::2, 0] = scores[1::2, 1] = np.nan
    return item_fit(scores, WORLD.parameters)[0]


PERSONS = np.zeros(3)
WHOLE = "whole, from 0 to the highest category, or -1 or NaN for not given"
BAD = {
    "fit": (
        lambda: plots.item_fit(none_complete()),
        (
            "`fit` must be of persons who answered every item, some but not all of them right; "
            "got of none."
        ),
    ),
    "item": (
        lambda: plots.item_characteristic(GRADED, 2),
        "`item` must be a whole number from 0 to 1; got 2.",
    ),
    "language": (
        lambda: plots.test_information(GRADED, language="de"),
        "`language` must be one of en, fr; got 'de'.",
    ),
    "theme": (
        lambda: plots.test_information(GRADED, theme="grey"),
        "`theme` must be one of light, dark; got 'grey'.",
    ),
    "cut": (lambda: plots.test_information(GRADED, cut=np.inf), "`cut` must be finite; got inf."),
    "theta": (
        lambda: plots.wright_map(GRADED, [0.0, np.nan]),
        "`theta` must be finite of shape (n_persons,); got nan at 1.",
    ),
    "names": (
        lambda: plots.wright_map(GRADED, names=["A"]),
        "`names` must be one for each of 2 items; got ['A'].",
    ),
    "scores without theta": (
        lambda: plots.item_characteristic(GRADED, 0, scores=PERSONS),
        "`scores` must be of shape (n_persons, 2), or (n_persons,) with `theta`; got shape (3,).",
    ),
    "scores and theta": (
        lambda: plots.item_characteristic(GRADED, 0, scores=PERSONS, theta=[0.0]),
        "`theta` must be of shape (3,); got shape (1,).",
    ),
    "score": (
        lambda: plots.item_characteristic(GRADED, 0, scores=[[0, 4]]),
        f"`scores` must be {WHOLE}; got 4 at (0, 1).",
    ),
    "half a score": (
        lambda: plots.item_characteristic(GRADED, 0, scores=[0.5], theta=[0.0]),
        f"`scores` must be {WHOLE}; got 0.5 at 0.",
    ),
    "no scores": (
        lambda: plots.item_characteristic(GRADED, 0, scores=[[-1, 0]]),
        "`scores` must be given to one person or more for this item; got none.",
    ),
    "options": (
        lambda: plots.option_curves(PERSONS, [0, 1.5, 0], 0),
        "`options` must be whole, from 0, or -1 or NaN for none; got 1.5 at 1.",
    ),
    "infinite option": (
        lambda: plots.option_curves(PERSONS, [0, np.inf, 0], 0),
        "`options` must be whole, from 0, or -1 or NaN for none; got inf at 1.",
    ),
    "no option": (
        lambda: plots.option_curves(PERSONS, [-1, -1, -1], 0),
        "`options` must be chosen by one person or more; got none.",
    ),
    "key": (
        lambda: plots.option_curves(PERSONS, [0, 1, 0], -1),
        "`key` must be an option, from 0 to 1; got -1.",
    ),
    "option names": (
        lambda: plots.option_curves(PERSONS, [0, 1, 0], 2, names=["A", "B"]),
        "`names` must be one for each of 3 options; got ['A', 'B'].",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case: str) -> None:
    call, message = BAD[case]
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
