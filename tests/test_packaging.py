"""The wheel holds everything: every package, page, script, migration and translation."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
MAPPED = {"assessment.templates": "templates", "assessment.migrations": "migrations"}
DATA = {
    "assessment/static": "assessment/static",
    "assessment/translations": "assessment/translations",
    "assessment/demo/content": "assessment/demo/content",
    "templates": "assessment/templates",
    "migrations": "assessment/migrations",
}


def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(HERE / "setup.cfg")
    return parser


def test_the_packages_listed_are_the_folders_there_are() -> None:
    listed = setup_cfg()["options"]["packages"].split()
    folders = {
        ".".join(path.relative_to(HERE).parent.parts)
        for top in ("itembank", "rubrics", "assessment", "templates", "migrations")
        for path in (HERE / top).rglob("__init__.py")
    }
    expected = {
        f"assessment.{name}" if name.split(".")[0] in MAPPED.values() else name for name in folders
    }
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == expected


def test_every_folder_of_modules_is_a_package() -> None:
    for top in ("itembank", "rubrics", "assessment"):
        for path in (HERE / top).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path


def test_every_package_that_is_required_is_imported() -> None:
    required = {
        re.split(r"[\[<>=]", line)[0].lower().replace("_", "-")
        for line in setup_cfg()["options"]["install_requires"].split()
    }
    providers = packages_distributions()
    used = {
        name.lower().replace("_", "-")
        for module in imported_modules("assessment", "rubrics", "itembank", "migrations")
        for name in providers.get(module, [])
    }
    named_in_addresses = {"psycopg"}
    assert required - used - named_in_addresses == set()


def imported_modules(*folders: str) -> set[str]:
    """Return the top names of all modules that these folders import."""
    trees = (
        ast.parse(path.read_text()) for folder in folders for path in (HERE / folder).rglob("*.py")
    )
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from a copy of what is under version control or about to be."""
    source = tmp_path_factory.mktemp("source")
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=HERE,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, names.split("\0")):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (HERE / name).is_file():
            shutil.copy(HERE / name, target)
    built = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(built), str(source))
    return next(built.glob("attest-*.whl"))


def run(*command: str, **environ: str) -> str:
    """Return what a command says; its environment holds nothing of ours but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTEST_")}
    kept.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, env=kept | environ, capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def data_files() -> Iterator[tuple[Path, str]]:
    """Yield every file that is no module, and its name in the wheel."""
    for folder, target in DATA.items():
        for path in sorted((HERE / folder).rglob("*")):
            if path.is_file() and path.suffix not in (".pyc", ".pot"):
                yield path, f"{target}/{path.relative_to(HERE / folder)}"


@pytest.mark.wheel
def test_the_wheel_holds_every_page_script_migration_and_translation(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for _path, name in data_files() if name not in held]
    assert missing == []
    assert "assessment/translations/fr/LC_MESSAGES/messages.mo" in held
    assert not [name for name in held if name.startswith("tests/")]


@pytest.mark.wheel
def test_the_installed_wheel_serves_the_demonstration(wheel: Path, tmp_path: Path) -> None:
    """It is installed without its dependencies, which are lent by this environment's folder."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    site = Path(run(str(python), "-c", "import site; print(site.getsitepackages()[0])").strip())
    with zipfile.ZipFile(wheel) as built:
        built.extractall(site)
    lent = tmp_path / "lent"
    lent.mkdir()
    for path in Path(next(p for p in sys.path if p.endswith("site-packages"))).iterdir():
        if not path.name.startswith(("__editable__", "attest-", "_attest")):
            (lent / path.name).symlink_to(path)
    (site / "lent.pth").write_text(f"{lent}\n")
    environ = {"ATTEST_DATA": str(tmp_path / "var")}
    where = run(str(python), "-c", "import assessment; print(assessment.__file__)", **environ)
    assert Path(where.strip()).is_relative_to(site)
    assert "serve" in run(str(python), "-m", "assessment", "--help", **environ)
    run(str(python), "-m", "assessment", "db", "upgrade", **environ)
    run(str(python), "-m", "assessment", "db", "check", **environ)
    run(str(python), "-m", "assessment", "demo", **environ)
    assert run(str(python), "-c", VISIT, **environ).split() == ["200", "200", "200", "fr"]


VISIT = """
from assessment.app import create_app
client = create_app().test_client()
print(client.get("/").status_code)
print(client.get("/static/css/attest.css").status_code)
page = client.get("/catalogue", headers={"Accept-Language": "fr"})
print(page.status_code)
print("fr" if 'lang="fr"' in page.text and "Catalogue" in page.text else "not French")
"""
