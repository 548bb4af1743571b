"""The guides to measurement: their code runs on real data, and prints what they say it prints."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from itembank.calibration.adequacy import NEEDED, PER_CATEGORY, SLOPE_SE, THRESHOLD_SE
from itembank.parameters import Model
from itembank.plots import Plot
from tests.conftest import SHARED

HERE = Path(__file__).resolve().parents[1]
GUIDE = HERE / "docs" / "measurement.md"
DEFENCE = HERE / "docs" / "measurement-defence.md"
PAGES = (GUIDE, DEFENCE)
IMAGES = HERE / "docs" / "images"
RESPONSES = SHARED / "data" / "responses"
FILES = (
    "ecpe/items_ecpe.csv",
    "sapa_iq/iqitems_raw.csv",
    "sapa_iq/ability_scored.csv",
    "tam_fims/fims_scored.csv",
    "verbal_aggression.csv",
    "KB04_formX.csv",
    "KB04_formY.csv",
    "KB04_common.csv",
    "angoff_synthetic.csv",
)
PLOTS = {GUIDE: 5, DEFENCE: 0}
STEP = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder to work in, with the guide's data files."""
    for name in FILES:
        if not (RESPONSES / name).exists():
            pytest.skip(f"{name} is not here: the guide's data is not part of the project")
        (tmp_path / Path(name).name).symlink_to(RESPONSES / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_guide_prints_what_it_says_and_its_plots_show_it(page: Path, folder: Path) -> None:
    names: dict[str, Any] = {}
    for code, expected in STEP.findall(page.read_text(encoding="utf-8")):
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, str(page), "exec"), names)
        assert printed.getvalue() == expected, code
    drawn = {name: value for name, value in names.items() if isinstance(value, Plot)}
    assert len(drawn) == PLOTS[page]
    for name, plot in drawn.items():
        image = ElementTree.parse(IMAGES / f"measurement-{name.removesuffix('_plot')}.svg")
        found = {element.tag.rpartition("}")[2]: element.text for element in image.getroot()}
        assert found["title"] == plot.title
        assert found["desc"] == plot.sentence


def test_every_block_of_code_is_run_and_every_image_is_there() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    for text in texts:
        assert len(STEP.findall(text)) == text.count("```python") == text.count("```text") > 0
    images = re.findall(r"!\[[^\]]+\]\((images/[^)]+)\)", "".join(texts))
    assert sorted(Path(image).name for image in images) == sorted(
        path.name for path in IMAGES.glob("measurement-*.svg")
    )


def test_the_numbers_for_enough_data_are_those_that_are_applied() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    rows = {
        "Rasch, 1PL": Model.RASCH,
        "PCM": Model.PCM,
        "2PL": Model.TWO_PL,
        "GRM, GPCM": Model.GRM,
        "3PL, with its prior": Model.THREE_PL,
        "4PL": Model.FOUR_PL,
    }
    for name, model in rows.items():
        needed = NEEDED[model]
        assert f"| {name} | {needed.provisional:,} | {needed.publish:,} |" in text
    assert NEEDED[Model.ONE_PL] == NEEDED[Model.RASCH]
    assert NEEDED[Model.GPCM] == NEEDED[Model.GRM]
    assert f"at most {THRESHOLD_SE:.2f} for each threshold and {SLOPE_SE:.2f} for its slope" in text
    assert f"`fewest_per_category={PER_CATEGORY}`" in text
